import { createPrivateKey } from 'node:crypto'

/** A certificate for 127.0.0.1 and its key, for tests and worth nothing: it is in every copy of this repository. */
export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBozCCAUmgAwIBAgIUSQLV7vbfV/Rx+7E5PjLcM36ZBEowCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNTWF0aW5lZSB0ZXN0czAgFw0yNjExMjExMTM2NDNaGA8yMTI2
MTAyODExMzY0M1owGDEWMBQGA1UEAwwNTWF0aW5lZSB0ZXN0czBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABG7nL3X6DiYxBoOovCKPDcB28kcwN7oDNHiFBv22lCyN
P8VgZ+yCtfmfyk16m+9JeoBjOKe3Jxt2wSuc+De/FxyjbzBtMB0GA1UdDgQWBBSV
xVne+tDRIUifA0vRs9zS69aMpzAfBgNVHSMEGDAWgBSVxVne+tDRIUifA0vRs9zS
69aMpzAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGHBH8AAAGCCWxvY2FsaG9z
dDAKBggqhkjOPQQDAgNIADBFAiAywIS7d3gD1y7LH/gZZqKNbXe1VkgO12WrQiS2
/BOjngIhAIOVTBCIiQukMwWSDWOrlVuD/vjoAoyp29+CW69K8X2Q
-----END CERTIFICATE-----
`

const keyBytes =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgljZyRGG54sunVHXdsWcf6AlG7qH69z/zmgF/CWHm7LShRANCAARu5y91+g4mMQaDqLwijw3AdvJHMDe6AzR4hQb9tpQsjT/FYGfsgrX5n8pNepvvSXqAYzintycbdsErnPg3vxcc'

export const testKey = createPrivateKey({ key: Buffer.from(keyBytes, 'base64'), format: 'der', type: 'pkcs8' }).export({
  format: 'pem',
  type: 'pkcs8',
})
