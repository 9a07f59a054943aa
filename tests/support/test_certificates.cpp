// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_certificates.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace heddle::test {
namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(std::string("test certificate: ") + what);
}

Key make_key() {
    Key key(EVP_EC_gen("P-256"));
    require(key != nullptr, "key");
    return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/// Not signed yet; its issuer is itself where `issuer` is null.
Certificate draft(const char* name, EVP_PKEY* key, X509* issuer, long serial) {
    constexpr long kDay = 24L * 60 * 60;
    Certificate certificate(X509_new());
    X509* x = certificate.get();
    require(X509_set_version(x, 2) == 1 && X509_set_pubkey(x, key) == 1, "draft");
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -kDay);
    X509_gmtime_adj(X509_getm_notAfter(x), kDay);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x),
                               "CN",
                               MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name),
                               -1,
                               -1,
                               0);
    X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x));
    return certificate;
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        unsigned char bytes[16];
        const bool numeric =
            inet_pton(AF_INET, name.c_str(), bytes) == 1 || inet_pton(AF_INET6, name.c_str(), bytes) == 1;
        text += (text.empty() ? "" : ",") + std::string(numeric ? "IP:" : "DNS:") + name;
    }
    return text;
}

void write_pem(X509* certificate, const std::filesystem::path& file) {
    std::FILE* out = std::fopen(file.c_str(), "w");
    require(out != nullptr, "file");
    const bool written = PEM_write_X509(out, certificate) == 1;
    require(std::fclose(out) == 0 && written, "file");
}

}  // namespace

TlsContext make_tls_server(const std::vector<std::string>& names, const std::filesystem::path& ca_file) {
    const Key authority_key = make_key();
    const Certificate authority = draft("Test authority", authority_key.get(), nullptr, 1);
    add_extension(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE");
    require(X509_sign(authority.get(), authority_key.get(), EVP_sha256()) > 0, "signature");
    write_pem(authority.get(), ca_file);

    const Key key = make_key();
    const Certificate certificate = draft("Test server", key.get(), authority.get(), 2);
    add_extension(certificate.get(), authority.get(), NID_subject_alt_name, alternative_names(names));
    require(X509_sign(certificate.get(), authority_key.get(), EVP_sha256()) > 0, "signature");

    TlsContext context(SSL_CTX_new(TLS_server_method()));
    require(context && SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 &&
                SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1,
            "context");
    return context;
}

}  // namespace heddle::test
