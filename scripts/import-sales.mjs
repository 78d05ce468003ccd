import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./import-sales/main.ts", import.meta.url));
