export { type LedgerEntry, ledgerStatement } from "./queries.ts";
export { type Tender, tenderEntries, type TenderSource } from "./tender-entries.ts";
