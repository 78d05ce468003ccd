export {
  type LedgerEntry,
  ledgerPageStatement,
  type LedgerRow,
  ledgerSpanStatements,
  ledgerStatement,
} from "./queries.ts";
export { type Tender, tenderEntries, type TenderSource } from "./tender-entries.ts";
