export { payOffAccount } from "./payment-service.ts";
export { insertCustomersStatement } from "./queries.ts";
export { customerRoutes } from "./routes.ts";
export { accountPaymentSchema, type Customer, type CustomerInput, customerSchema } from "./schemas.ts";
export { customerCreated, newCustomer } from "./service.ts";
