export { type ReceivedPayment, receivedPaymentsStatement } from "./queries.ts";
export { receivedRows, showTenders, sumOf, takeExactly } from "./receive.ts";
export {
  METHODS,
  MONEY_METHODS,
  moneyTenders,
  type MoneyTenderInput,
  shownTender,
  tender,
  type TenderInput,
  tenders,
} from "./schemas.ts";
