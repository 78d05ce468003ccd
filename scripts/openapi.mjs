import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./openapi/main.ts", import.meta.url));
