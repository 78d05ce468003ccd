import { runPinned } from "./support/bootstrap.mjs";

await runPinned(new URL("./pricing-package/main.ts", import.meta.url));
