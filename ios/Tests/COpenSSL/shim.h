// What the vault of the tests uses of OpenSSL 3. Macros do not reach Swift, so these wrap them.
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

static inline EVP_PKEY *muster_new_p256(void) { return EVP_EC_gen("P-256"); }
static inline int muster_gcm_tag(EVP_CIPHER_CTX *context, int set, void *tag) {
    return EVP_CIPHER_CTX_ctrl(context, set ? EVP_CTRL_GCM_SET_TAG : EVP_CTRL_GCM_GET_TAG, 16, tag);
}
