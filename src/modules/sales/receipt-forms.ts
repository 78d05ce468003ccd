/** The forms of a bill for people and printers, and nothing else: what is loaded when the first of them is asked for. */
export { renderEscPos } from "./receipt-escpos.ts";
export { renderPage } from "./receipt-pages.ts";
export { receiptStyleSource } from "./receipt-style.ts";
export { renderText } from "./receipt-text.ts";
export { describeReceipt } from "./receipt-words.ts";
