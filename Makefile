# mod_cors: make help

APXS   ?= apxs
export APXS DESTDIR MODULESDIR CONFDIR BINDIR MANDIR DOCDIR
CC     ?= cc
PORT   ?= 8080
# make V=1 shows the commands.
Q      := $(if $(V),,@)
VERSION := $(shell cat VERSION)
# Whether what is missing is installed: for the two commands of the README and
# in CI, unless it is forbidden, and wherever it is asked for.
DEPS   ?= $(if $(filter run test ci-%,$(MAKECMDGOALS)),1)
override DEPS := $(if $(filter 1,$(NODEPS)),,$(DEPS))
export DEPS

# Folders of src/.  The pure ones hold the rules of CORS and know no httpd: they
# link into libcors.a.
PURE   := grammar policy protocol observe
SERVER := module sources config request report
LIBS   := -lidn2 -lpsl

# What redis: takes is built in where it is found; HIREDIS=0 leaves it out.
# Asked of the compiler only when something is built: what is missing may be
# installed before.
finds = $(shell printf '\043include <stddef.h>\n$(1:%=\043include <%>\n)' | \
  $(CC) $(CPPFLAGS) -E -x c - >/dev/null 2>&1 && echo 1)
HIREDIS     ?= $(call finds,hiredis/hiredis.h)
HIREDIS_TLS ?= $(if $(filter 1,$(HIREDIS)),$(call finds,hiredis/hiredis_ssl.h \
  openssl/ssl.h))
CPPFLAGS_REDIS = $(if $(filter 1,$(HIREDIS)),-DCORS_HIREDIS) \
  $(if $(filter 1,$(HIREDIS_TLS)),-DCORS_HIREDIS_TLS)
LIBS_REDIS = $(if $(filter 1,$(HIREDIS)),-lhiredis) \
  $(if $(filter 1,$(HIREDIS_TLS)),-lhiredis_ssl -lssl -lcrypto)

PURE_SRCS   := $(wildcard $(PURE:%=src/%/*.c))
SERVER_SRCS := $(wildcard $(SERVER:%=src/%/*.c))
PURE_OBJS   := $(PURE_SRCS:src/%.c=build/obj/%.o)
SERVER_OBJS := $(SERVER_SRCS:src/%.c=build/obj/%.o) build/obj/mod_cors.o
UNIT_TESTS  := $(patsubst t/unit/%.c,build/unit/%,$(wildcard t/unit/*/*.c))

WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes \
  -Wdeclaration-after-statement -Wvla -Wwrite-strings \
  -Wno-unused-parameter -Wno-missing-field-initializers
# A compiler of tomorrow may warn of what none does today: that must not keep
# anybody from building.
WERROR ?= $(if $(filter ci-%,$(MAKECMDGOALS)),1)
export WERROR
WARNINGS += $(if $(filter 1,$(WERROR)),-Werror)
# clang sees the casts within APR's macros for rings as ours.
WARNINGS += $(if $(findstring clang,$(CC)),,-Wcast-qual)

# Asked of apxs only when something is built: help and clean need none.
apxs_q = $(shell $(APXS) -q $(1))
# What UBSan finds traps, and ASan reports the trap: a UBSan beside ASan can't
# write its reports to a file.
SAN    := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
            -fsanitize-undefined-trap-on-error -fno-omit-frame-pointer)
CPPFLAGS_PURE = -D_GNU_SOURCE $(shell $(call apxs_q,APR_CONFIG) --cppflags) \
  -isystem $(call apxs_q,APR_INCLUDEDIR) -Isrc $(CPPFLAGS)
CPPFLAGS_SERVER = $(CPPFLAGS_PURE) -isystem $(call apxs_q,INCLUDEDIR) \
  -DCORS_VERSION='"$(VERSION)"'
# The cut between two files costs a call: optimization while linking takes it
# back.  Without sanitizers and coverage, which need the calls as they stand;
# with clang where lld can do it.  LTO=0 switches it off.
ifneq ($(filter 0,$(LTO))$(SANITIZE)$(findstring --coverage,$(CFLAGS)),)
  LTO_CC :=
else ifneq ($(findstring clang,$(CC)),)
  LTO_CC := $(if $(shell command -v ld.lld),-flto)
  LTO_LD := $(if $(LTO_CC),-fuse-ld=lld)
else
  LTO_CC := -flto=auto -ffat-lto-objects
endif
# -O3 takes 30 instructions less for an allowed request than -O2, and -fno-plt
# 16: make bench.
CFLAGS_ALL = -std=$(STD) -O3 -g -fPIC -fno-plt $(SAN) $(WARNINGS) \
  $(PREFIX_MAP) $(CFLAGS)
# Builds in two folders are the same.  gcov wants to know the folder.
PREFIX_MAP := $(if $(findstring --coverage,$(CFLAGS)),, \
  $(patsubst %,-ffile-prefix-map=%=.,$(CURDIR) \
    $(if $(filter $(CURDIR),$(realpath $(PWD))),$(PWD))))

# Commands, and the pages of the directives and of each command.
COMMANDS  := $(notdir $(wildcard bin/*))
MAN_PAGES := build/man/mod_cors.8 $(COMMANDS:%=build/man/%.1)

## all: build build/mod_cors.so, and the manual pages
all: build/mod_cors.so $(MAN_PAGES)

# A pure file finds no header of httpd, so that it can't include one, and no
# function beside those of C99 and of the libraries: not every system has more.
# Where a word has 32 bits, APR's headers take off64_t from the system's.
STD := gnu99
$(PURE_OBJS): STD := c99
$(PURE_OBJS): CPPFLAGS_ALL = $(CPPFLAGS_PURE) -U_GNU_SOURCE \
  -D_LARGEFILE64_SOURCE
# The headers of httpd would not pass these.
$(PURE_OBJS): WARNINGS += -Wconversion -Wpedantic
$(SERVER_OBJS): CPPFLAGS_ALL = $(CPPFLAGS_SERVER)
REDIS_OBJS := $(filter build/obj/sources/redis_%,$(SERVER_OBJS))
$(REDIS_OBJS): CPPFLAGS_ALL = $(CPPFLAGS_SERVER) $(CPPFLAGS_REDIS)

define compile
@mkdir -p $(@D)
@echo '  CC $<'
$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LTO_CC) -frandom-seed=$< \
  -MMD -MP -c -o $@ $<
endef

build/obj/%.o: src/%.c build/flags Makefile
	$(compile)

build/obj/mod_cors.o: mod_cors.c build/flags Makefile
	$(compile)

build/libcors.a: $(PURE_OBJS)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

# The module record is all that httpd looks for by name; hidden visibility
# would hide it too.
build/mod_cors.so: $(SERVER_OBJS) build/libcors.a tools/exports.map
	@echo '  LD $@'
	$(Q)$(CC) -shared -O3 $(SAN) $(LTO_CC) $(LTO_LD) $(PREFIX_MAP) \
	  -frandom-seed=$@ \
	  -Wl,--version-script=tools/exports.map -o $@ $(SERVER_OBJS) \
	  build/libcors.a $(LIBS) $(LIBS_REDIS) -ljansson $(LDFLAGS)

build/man/mod_cors.8: docs/directives.md tools/man VERSION
	@mkdir -p $(@D)
	$(Q)tools/man $< '$(VERSION)' >$@

build/man/%.1: bin/% VERSION
	@mkdir -p $(@D)
	$(Q)pod2man --section=1 --center=mod_cors \
	  --release='mod_cors $(VERSION)' --date='$(VERSION)' $< $@

# Rebuilds everything when the compiler, its flags or the version change.
FLAGS = $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(SANITIZE) $(LTO_CC) \
  $(WERROR) $(APXS) $(VERSION) $(LIBS_REDIS)
build/flags: FORCE | deps
	@mkdir -p build
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' > $@

deps:
	@tools/deps build

deps-run:
	@tools/deps run

deps-check:
	@tools/deps check

deps-unit deps-test deps-valgrind deps-lint deps-coverage deps-stress deps-package deps-chroot: deps-%:
	@tools/deps $*

include t/fuzz/rules.mk

build/unit/%: t/unit/%.c $(wildcard t/unit/*.h) build/libcors.a | deps-unit
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(Q)$(CC) $(CPPFLAGS_PURE) $(CFLAGS_ALL) -Wno-missing-prototypes -It/unit \
	  $(LTO_LD) -o $@ $< build/libcors.a -lcmocka $(LIBS) \
	  $$($$($(APXS) -q APR_CONFIG) --link-ld) $(LDFLAGS)

# What the benchmark measures the module against: built by the same flags.
build/mod_floor.so: t/bench/mod_floor.c build/flags Makefile
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(Q)$(CC) -shared $(CPPFLAGS_SERVER) $(CFLAGS_ALL) -o $@ $< $(LDFLAGS)

# Judges alone, built and linked as the module is.
build/judge: t/bench/judge.c build/libcors.a build/flags Makefile
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(Q)$(CC) $(CPPFLAGS_PURE) $(CFLAGS_ALL) $(LTO_CC) $(LTO_LD) -o $@ $< \
	  build/libcors.a $(LIBS) $$($$($(APXS) -q APR_CONFIG) --link-ld) $(LDFLAGS)

## bench: measure what the module costs; QUICK=1 takes less time
bench: all deps-check build/mod_floor.so build/judge
	@tools/deps bench
	@t/bench/run

# With SANITIZE=address,undefined the module is built with sanitizers, and what
# they report in any httpd or unit test fails the run.
## check: run unit and integration tests, without a browser
check: all deps-check $(UNIT_TESTS) $(REPLAYS) \
  $(if $(SANITIZE),build/blocks.so)
	@$(if $(SANITIZE),tools/watch asan) tools/check $(UNIT_TESTS) $(REPLAYS) \
	  t/check/docs

MPMS ?= event worker prefork
# Neither cors-migrate nor a package depends on the MPM.
MPM_TESTS := t/config/*.t t/docs/*.t t/server/*.t
## matrix: run the integration tests with each MPM
matrix: all deps-check
	@for mpm in $(MPMS); do \
	  echo "== $$mpm"; MPM=$$mpm TESTS='$(MPM_TESTS)' tools/check || exit 1; done

## check-valgrind: run the integration tests under memcheck
check-valgrind: all deps-check deps-valgrind build/blocks.so
	@tools/watch memcheck tools/check

# -O0: what is optimised away would be said not to have run.
## coverage: show which lines the tests of make check run
coverage: deps-check deps-coverage
	@$(MAKE) CC=gcc CFLAGS='-O0 --coverage -fprofile-update=atomic' \
	  LDFLAGS=--coverage all $(UNIT_TESTS)
	@tools/coverage tools/check $(UNIT_TESTS) t/check/docs

## lint: run the analysers: gcc, clang-tidy, cppcheck
lint: deps-check deps-lint
	@tools/lint $(CPPFLAGS_SERVER) $(CPPFLAGS_REDIS) -It/unit -std=gnu99 $(WARNINGS) -Werror

## stress: load the server while it restarts (STRESS_SECONDS=60)
stress: all deps-check deps-stress
	@t/stress/run

## growth: look for memory that requests or restarts leave
growth: all deps-check build/blocks.so
	@t/stress/growth
	@tools/watch pools t/stress/growth

build/blocks.so: t/lib/blocks.c
	@mkdir -p $(@D)
	@echo '  CC $<'
	$(Q)$(CC) $(CPPFLAGS_PURE) -std=gnu99 -O2 -g -fPIC -fno-omit-frame-pointer \
	  $(WARNINGS) -shared -o $@ $< $$($$($(APXS) -q APR_CONFIG) --link-ld)

## unit: run the unit tests alone
unit: $(UNIT_TESTS) $(REPLAYS)
	@CMOCKA_MESSAGE_OUTPUT=TAP prove $^

# Those with threads, which share memory without a lock.
RACES := $(patsubst t/unit/%.c,build/unit/%, \
  $(shell grep -l pthread_create t/unit/*/*.c))

## races: run the unit tests that have threads under ThreadSanitizer
races: deps-check
	@$(MAKE) CC=clang SANITIZE=thread $(RACES)
	@CMOCKA_MESSAGE_OUTPUT=TAP prove $(RACES)

## check-arch: run the unit tests for ARCH=s390x, i386 or armhf
check-arch:
	@tools/check-arch '$(ARCH)'

## test: run every test
test: all deps-check deps-test $(UNIT_TESTS) $(REPLAYS)
	@tools/check $(UNIT_TESTS) $(REPLAYS) t/check/docs t/browser/demo \
	  t/browser/workbench t/browser/engines t/browser/console t/browser/enforce \
	  t/browser/info

## migrate-long: test cors-migrate with 2,000 random recipes
migrate-long: all deps-check
	@MIGRATE_RANDOM=2000 prove -v t/migrate/differential.t

## count-long: count a million requests, and a flood, under each MPM
count-long: all deps-check
	@for mpm in $(MPMS); do echo "== $$mpm"; MPM=$$mpm \
	  COUNT_REQUESTS=1000000 COUNT_FLOOD=100000 \
	  prove -v t/server/counting_load.t t/server/counting_flood.t || exit 1; \
	done

## sets-long: send a million requests while the sources of sets fail
sets-long: all deps-check
	@SETS_REQUESTS=250000 prove -v t/server/sets_load.t

## mutations: break each check of the configuration, see its tests fail
mutations: all deps-check
	@t/check/mutations '$(ONLY)'

## run: show the demonstration, on PORT=8080
run: all deps-run
	@tools/run $(PORT)

# Installing never builds: what root installs is what was built and tested.
## install: install all that make has built
## install-module: the module alone, for a package of its own
## install-conf: its configuration
## install-tools: the commands, and their manual pages
## install-docs: README, CHANGES, docs/, and mod_cors(8)
install install-module install-conf install-tools install-docs:
	@tools/install $(@:install-%=%)

## uninstall: take them away again
uninstall:
	@tools/install uninstall

## dist: make build/mod_cors-VERSION.tar.gz of the last commit
dist:
	@tools/dist

## dist-check: run make check in the tarball, without network, as root
dist-check:
	@tools/dist-check

## package-deb: build the Debian package of the last commit
package-deb: deps-package
	@tools/package-deb

## package-rpm: build the package for Fedora, as far as Debian can
package-rpm: deps-unit
	@tools/deps rpm
	@tools/package-rpm

## container-chroot: do what the Containerfile says, with ROOT, as root
container-chroot:
	@tools/container-chroot '$(ROOT)'

## package-chroot: test the package in a fresh Debian, as root
package-chroot: deps-chroot
	@tools/package-chroot

## clean: remove build/
clean:
	rm -rf build

## help: list these targets
help:
	@sed -n 's/^## \([a-z-]*\): /\1|/p' $(filter-out %.d,$(MAKEFILE_LIST)) | \
	  while IFS='|' read -r target text; do \
	    printf 'make %-15s %s\n' "$$target" "$$text"; done
	@echo 'CC=clang, SANITIZE=address,undefined, LTO=0, WERROR=1, MPM=worker,'
	@echo 'HIREDIS=0, V=1, DESTDIR= as usual; DEPS=1 installs what is missing'

# The stages of CI: each runs alone, .ci/run is a list of them.
## ci-build: build with both compilers
ci-build:
	@$(MAKE) CC=clang
	@$(MAKE) CC=gcc

## ci-lint: analyse the sources
ci-lint:
	@$(MAKE) CC=gcc lint

# The stages that run the tests have an MPM each, so that no two of them run
# the same: make test and ci-sanitize have event.
## ci-clang: test what clang has built, with prefork
ci-clang:
	@MPM=prefork $(MAKE) CC=clang check

## ci-sanitize: test under ASan and UBSan
ci-sanitize:
	@$(MAKE) CC=gcc SANITIZE=address,undefined check

## ci-races: look for races between threads
ci-races:
	@$(MAKE) races

## ci-coverage: require that tests run nearly all lines, with worker
ci-coverage:
	@MPM=worker $(MAKE) coverage

## ci-stress: load the server for a short time
ci-stress:
	@STRESS_SECONDS=20 $(MAKE) CC=gcc stress

## ci-bench: hold the bounds of what a request costs
ci-bench:
	@$(MAKE) CC=gcc bench QUICK=1

## ci-package: build the Debian package
ci-package:
	@$(MAKE) package-deb

FORCE:
.PHONY: all deps deps-run deps-check deps-unit deps-test unit check check-arch test mutations migrate-long count-long bench run clean help FORCE sets-long
.PHONY: dist dist-check package-deb package-rpm package-chroot container-chroot deps-package deps-chroot ci-package install install-module install-conf install-tools install-docs uninstall
.PHONY: races ci-races ci-build ci-lint ci-clang ci-sanitize ci-coverage ci-stress ci-bench
.PHONY: deps-valgrind deps-lint deps-coverage deps-stress matrix check-valgrind coverage lint stress growth
.SECONDARY:

-include $(wildcard build/obj/*.d build/obj/*/*.d)
