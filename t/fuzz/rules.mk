# The fuzz targets, each built twice: with clang and its sanitizers for
# libFuzzer, and with $(CC) to replay the inputs that are kept.

FUZZ_SECONDS ?= 60
FUZZ_CC      ?= clang
FUZZ_NAMES   := $(patsubst t/fuzz/fuzz_%.c,%,$(wildcard t/fuzz/fuzz_*.c))
# make fuzz TARGET=origin
TARGET       ?= $(FUZZ_NAMES)
FUZZ_COMMON  := fuzz model naive oracle policies scenario
REPLAYS      := $(FUZZ_NAMES:%=build/fuzz/replay_%)

FUZZ_COMMON_OBJS := $(FUZZ_COMMON:%=build/fuzz/obj/%.o)
FUZZ_PURE_OBJS   := $(PURE_SRCS:src/%.c=build/fuzz/obj/%.o)
FUZZ_SERVER_OBJS := $(SERVER_SRCS:src/%.c=build/fuzz/obj/%.o) \
  build/fuzz/obj/mod_cors.o build/fuzz/obj/fuzz_directives.o \
  build/fuzz/obj/in_httpd.o

FUZZ_SAN    := -fsanitize=address,undefined
# Only the code under test is instrumented for coverage: libFuzzer is to
# explore that, not what it is compared with.
FUZZ_COVER  := -fsanitize=fuzzer-no-link
FUZZ_FLAGS   = -std=gnu99 -O1 -g -fPIC -fno-omit-frame-pointer $(FUZZ_SAN) \
  -fno-sanitize-recover=all $(filter-out -Wcast-qual,$(WARNINGS))
FUZZ_LIBS    = $(LIBS) $$($$($(APXS) -q APR_CONFIG) --link-ld)
FUZZ_RT_DIR  = $(shell $(FUZZ_CC) -print-runtime-dir)
FUZZ_DEPS   := $(wildcard src/*/*.h t/fuzz/*.h) Makefile t/fuzz/rules.mk

## fuzz: fuzz for FUZZ_SECONDS each, or TARGET=origin alone
fuzz: $(TARGET:%=build/fuzz/fuzz_%)
	@t/fuzz/run $(FUZZ_SECONDS) $(TARGET)

deps-fuzz:
	@tools/deps fuzz

define fuzz_compile
@mkdir -p $(@D)
@echo '  FUZZ_CC $<'
$(Q)$(FUZZ_CC) $(CPPFLAGS_ALL) $(FUZZ_FLAGS)
endef

build/fuzz/obj/%.o: CPPFLAGS_ALL = $(CPPFLAGS_PURE)
$(FUZZ_SERVER_OBJS): CPPFLAGS_ALL = $(CPPFLAGS_SERVER)

build/fuzz/obj/%.o: src/%.c $(FUZZ_DEPS) | deps-fuzz
	$(fuzz_compile) $(FUZZ_COVER) -c -o $@ $<

build/fuzz/obj/sources/redis_%.o: CPPFLAGS_ALL = $(CPPFLAGS_SERVER) \
  $(CPPFLAGS_REDIS)

build/fuzz/obj/mod_cors.o: mod_cors.c $(FUZZ_DEPS) | deps-fuzz
	$(fuzz_compile) $(FUZZ_COVER) -c -o $@ $<

build/fuzz/obj/%.o: t/fuzz/%.c $(FUZZ_DEPS) | deps-fuzz
	$(fuzz_compile) -c -o $@ $<

build/fuzz/fuzz_%: build/fuzz/obj/fuzz_%.o $(FUZZ_COMMON_OBJS) \
    $(FUZZ_PURE_OBJS)
	$(Q)$(FUZZ_CC) $(FUZZ_SAN) -fsanitize=fuzzer -o $@ $^ $(FUZZ_LIBS)

build/fuzz/replay_%: t/fuzz/fuzz_%.c t/fuzz/replay.c $(FUZZ_DEPS) \
    $(FUZZ_COMMON:%=t/fuzz/%.c) build/libcors.a | deps-unit
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(Q)$(CC) $(CPPFLAGS_PURE) $(CFLAGS_ALL) $(call fuzz_dirs,$*) \
	  $(LTO_LD) -o $@ \
	  $(filter %.c,$^) build/libcors.a $(FUZZ_LIBS)

fuzz_dirs = -DFUZZ_DIRS='"t/fuzz/corpus/$(1)", "t/fuzz/regress/$(1)"'

# The directives are read by httpd itself: that target is a module of it, with
# its own apr_palloc(), and its own libFuzzer where ASan has a part of one.
FUZZ_OWN := -Wl,-Bsymbolic
# gcc's ASan is shared unless told otherwise, clang's is not.
FUZZ_SHARED = -shared-libasan -Wl,-rpath,$(FUZZ_RT_DIR)

build/fuzz/directives.so: $(FUZZ_SERVER_OBJS) $(FUZZ_COMMON_OBJS) \
    $(FUZZ_PURE_OBJS)
	$(Q)$(FUZZ_CC) -shared $(FUZZ_OWN) $(FUZZ_SHARED) $(FUZZ_SAN) -o $@ $^ \
	  $(wildcard $(FUZZ_RT_DIR)/libclang_rt.fuzzer_no_main-$(shell uname -m).a \
	    $(FUZZ_RT_DIR)/libclang_rt.fuzzer_no_main.a) \
	  -lstdc++ $(LIBS) $(LIBS_REDIS) -ljansson

build/fuzz/directives_replay.so: t/fuzz/fuzz_directives.c t/fuzz/in_httpd.c \
    t/fuzz/replay.c $(FUZZ_COMMON:%=t/fuzz/%.c) $(FUZZ_DEPS) $(SERVER_OBJS) \
    build/libcors.a | deps-unit
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(Q)$(CC) -shared $(FUZZ_OWN) $(LTO_LD) $(CPPFLAGS_SERVER) $(CFLAGS_ALL) \
	  $(if $(SANITIZE),$(if $(findstring clang,$(CC)),$(FUZZ_SHARED))) \
	  -DFUZZ_REPLAY -DFUZZ_IN_HTTPD $(call fuzz_dirs,directives) -o $@ \
	  $(filter %.c %.o,$^) build/libcors.a $(LIBS) $(LIBS_REDIS) -ljansson

define fuzz_script
$(Q)printf '#!/bin/sh\nexec t/fuzz/in-httpd %s "$$0" "$$@"\n' $< >$@
$(Q)chmod +x $@
endef

build/fuzz/fuzz_directives: build/fuzz/directives.so
	$(fuzz_script)

build/fuzz/replay_directives: build/fuzz/directives_replay.so
	$(fuzz_script)

.PHONY: fuzz deps-fuzz
