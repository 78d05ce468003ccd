import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./contract/main.ts", import.meta.url));
