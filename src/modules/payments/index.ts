export { ACCOUNT_CHANGED, accountPaymentStatements } from "./account.ts";
export {
  dueOf,
  owedSalesStatement,
  type ReceivedPayment,
  receivedPaymentsStatement,
  saleDueStatement,
} from "./queries.ts";
export { receivedRows, showTenders, sumOf, takeExactly } from "./receive.ts";
export {
  METHODS,
  MONEY_METHODS,
  moneyTenders,
  type MoneyTenderInput,
  saleTenders,
  shownTender,
  tender,
  type TenderInput,
  tenders,
} from "./schemas.ts";
export { type Owed, splitTenders, sumBySale } from "./settlement.ts";
