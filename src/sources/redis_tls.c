/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/redis_tls.h"

#ifdef CORS_HIREDIS_TLS

#include <arpa/inet.h>

#include <apr_strings.h>
#include <hiredis/hiredis.h>
#include <hiredis/hiredis_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

static apr_status_t free_tls(void *tls)
{
    SSL_CTX_free(tls);
    return APR_SUCCESS;
}

const char *cors_redis_tls_error(void)
{
    unsigned long code = ERR_get_error();
    const char *reason = ERR_reason_error_string(code);

    ERR_clear_error();
    return reason ? reason : "TLS fails";
}

struct ssl_ctx_st *cors_redis_tls_make(const cors_redis_server_t *server,
                                       const char **cause, apr_pool_t *p)
{
    SSL_CTX *tls;

    *cause = NULL;
    if (!server->has_tls) {
        return NULL;
    }
    ERR_clear_error();
    tls = SSL_CTX_new(TLS_client_method());
    if (tls && SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION)
        && (server->ca ? SSL_CTX_load_verify_locations(tls, server->ca, NULL)
                       : SSL_CTX_set_default_verify_paths(tls))) {
        SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
        apr_pool_cleanup_register(p, tls, free_tls, apr_pool_cleanup_null);
        return tls;
    }
    *cause = apr_pstrdup(p, cors_redis_tls_error());
    SSL_CTX_free(tls);
    return NULL;
}

/* An address has to stand in the certificate as such. */
static int expect_host(SSL *ssl, const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];

    if (inet_pton(AF_INET, host, address) == 1
        || inet_pton(AF_INET6, host, address) == 1) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host);
    }
    return SSL_set_tlsext_host_name(ssl, host) && SSL_set1_host(ssl, host);
}

/* The handshake goes on with the first question. */
int cors_redis_tls_begin(cors_redis_link_t *link)
{
    SSL *ssl = SSL_new(link->tls);

    ERR_clear_error();
    if (ssl && expect_host(ssl, link->server->host)
        && redisInitiateSSL(link->context, ssl) == REDIS_OK) {
        return 1;
    }
    apr_cpystrn(link->cause,
                link->context->err ? link->context->errstr
                                   : cors_redis_tls_error(),
                sizeof(link->cause));
    SSL_free(ssl);
    return 0;
}

#else /* CORS_HIREDIS_TLS: the directive is refused */

struct ssl_ctx_st *cors_redis_tls_make(const cors_redis_server_t *server,
                                       const char **cause, apr_pool_t *p)
{
    *cause = NULL;
    return NULL;
}

int cors_redis_tls_begin(cors_redis_link_t *link)
{
    return 0;
}

const char *cors_redis_tls_error(void)
{
    return NULL;
}

#endif
