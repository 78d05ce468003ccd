import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./start/main.ts", import.meta.url));
