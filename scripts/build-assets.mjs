import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./assets/main.ts", import.meta.url));
