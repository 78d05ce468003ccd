import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { AppEnv } from "../http/app-env.ts";

const POLICY = "Content-Security-Policy";
const NOWHERE = ["'none'"];
const HERE = ["'self'"];

/** What a browser may do with an answer of the API: nothing. */
const API_POLICY = { defaultSrc: NOWHERE, baseUri: NOWHERE, formAction: NOWHERE, frameAncestors: NOWHERE };

/** Pages load what this host itself serves as files: no script or style stands in a page, so none that is put in runs. */
const PAGE_POLICY = {
  ...API_POLICY,
  scriptSrc: HERE,
  styleSrc: HERE,
  imgSrc: ["'self'", "data:"],
  connectSrc: HERE,
  formAction: HERE,
  objectSrc: NOWHERE,
};

/** What no page of ours asks of a device; passkeys alone are, by the page to sign in at. */
const PERMISSIONS = {
  accelerometer: [],
  ambientLightSensor: [],
  autoplay: [],
  battery: [],
  bluetooth: [],
  camera: [],
  displayCapture: [],
  encryptedMedia: [],
  fullscreen: [],
  gamepad: [],
  geolocation: [],
  gyroscope: [],
  hid: [],
  idleDetection: [],
  localFonts: [],
  magnetometer: [],
  microphone: [],
  midi: [],
  otpCredentials: [],
  payment: [],
  pictureInPicture: [],
  publickeyCredentialsCreate: ["self"],
  publickeyCredentialsGet: ["self"],
  screenWakeLock: [],
  serial: [],
  storageAccess: [],
  usb: [],
  webShare: [],
  windowManagement: [],
  xrSpatialTracking: [],
};

/**
 * Secure headers for every answer: whatever it is an answer to, and whether it is one of the API, a page or a file. A
 * page that an endpoint of the API answers with may have the one style that it names, and nothing else.
 */
export function securityHeaders(kind: "api" | "page") {
  const setHeaders = secureHeaders({
    contentSecurityPolicy: kind === "api" ? API_POLICY : PAGE_POLICY,
    strictTransportSecurity: "max-age=63072000; includeSubDomains; preload",
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    permissionsPolicy: PERMISSIONS,
  });
  return createMiddleware<AppEnv>(async function securityHeaders(c, next) {
    await setHeaders(c, next);
    const { headers } = c.res;
    const style = c.get("style_source");
    if (style !== undefined) headers.set(POLICY, `${headers.get(POLICY) ?? ""}; style-src ${style}`);
  });
}
