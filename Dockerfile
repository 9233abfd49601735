# A static program in an image without anything else:
#   docker build -t crm-anon .
#   docker run --rm --init --read-only --network none --user "$(id -u):$(id -g)" --tmpfs /tmp -v "$PWD:/data" crm-anon export.csv -o anon.csv
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
# A target of one's own keeps the flag away from macros and build scripts, which are no static programs.
RUN host="$(rustc --print host-tuple)" \
    && RUSTFLAGS="-C target-feature=+crt-static" CARGO_PROFILE_RELEASE_STRIP=symbols \
       cargo build --release --locked --bin crm-anon --target "$host" \
    && install -D "target/$host/release/crm-anon" /image/crm-anon \
    && install -D -m 644 -t /image LICENSE THIRD-PARTY-NOTICES \
    && install -m 644 /usr/share/doc/libc6/copyright /image/THIRD-PARTY-NOTICES.glibc \
    && install -d -m 1777 /image/tmp /image/data

FROM scratch
COPY --from=build /image /
WORKDIR /data
USER 65532:65532
ENTRYPOINT ["/crm-anon"]
CMD ["--help"]
