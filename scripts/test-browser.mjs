import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./browser/main.ts", import.meta.url));
