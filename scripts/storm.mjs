import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./storm/main.ts", import.meta.url));
