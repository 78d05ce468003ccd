import { secureHeaders } from "hono/secure-headers";

/** Secure headers for every answer. The pages (docs, problems) are let load what this host itself serves. */
export function securityHeaders(kind: "api" | "page") {
  return secureHeaders({
    contentSecurityPolicy:
      kind === "api"
        ? { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }
        : {
            defaultSrc: ["'none'"],
            scriptSrc: ["'self'"],
            styleSrc: ["'self'", "'unsafe-inline'"],
            imgSrc: ["'self'", "data:"],
            connectSrc: ["'self'"],
            formAction: ["'self'"],
            baseUri: ["'none'"],
            frameAncestors: ["'none'"],
          },
    strictTransportSecurity: "max-age=63072000; includeSubDomains; preload",
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
  });
}
