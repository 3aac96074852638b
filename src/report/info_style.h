/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* How the page of CorsInfo looks. */

#ifndef CORS_INFO_STYLE_H
#define CORS_INFO_STYLE_H

/* The text of the page's <style>. */
extern const char cors_info_style[];

/* The SHA-256 of the style, as a source of Content-Security-Policy. */
extern const char cors_info_style_source[];

#endif
