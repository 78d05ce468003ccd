export { salespeopleRoutes } from "./routes.ts";
