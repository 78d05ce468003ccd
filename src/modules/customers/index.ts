export { insertCustomersStatement } from "./queries.ts";
export { customerRoutes } from "./routes.ts";
export { type Customer, type CustomerInput, customerSchema } from "./schemas.ts";
export { customerCreated, newCustomer } from "./service.ts";
