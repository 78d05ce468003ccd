/** What is used of the library, and nothing else: a bundle takes the rest of a package that is loaded late as a whole. */
export {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
