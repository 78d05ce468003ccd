import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./till/main.ts", import.meta.url));
