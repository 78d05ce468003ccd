import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./reset/main.ts", import.meta.url));
