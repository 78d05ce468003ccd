/**
 * In the place of the library's packages for certificates of authenticators (wrangler.toml, `[alias]`), which are not asked
 * for: 60 KiB of the bundle. One that is sent all the same can't be read, so the passkey is refused.
 */
function refuseCertificates(): never {
  throw new Error("certificates of authenticators are not looked at");
}

const NO_ID = "";

export {
  refuseCertificates as AuthorityKeyIdentifierExtension,
  refuseCertificates as CRLDistributionPointsExtension,
  refuseCertificates as KeyDescription,
  refuseCertificates as RSAPublicKey,
  refuseCertificates as SubjectKeyIdentifierExtension,
  refuseCertificates as X509Certificate,
  refuseCertificates as X509ChainBuilder,
  refuseCertificates as X509Crl,
  NO_ID as id_ce_keyDescription,
  NO_ID as id_ml_dsa_44,
  NO_ID as id_ml_dsa_65,
  NO_ID as id_ml_dsa_87,
  NO_ID as id_rsaEncryption,
  NO_ID as id_sha1WithRSAEncryption,
  NO_ID as id_sha256WithRSAEncryption,
  NO_ID as id_sha384WithRSAEncryption,
  NO_ID as id_sha512WithRSAEncryption,
};
