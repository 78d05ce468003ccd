import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./test-till/main.ts", import.meta.url));
