import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./test/main.ts", import.meta.url));
