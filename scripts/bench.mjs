import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./bench/main.ts", import.meta.url));
