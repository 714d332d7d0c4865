# The image of Vigie: built from this checkout, then only the binary on a small Debian. No post, key or configuration is baked in.
# Build: docker build -t vigie:dev .
FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /src
# librdkafka, OpenSSL and zlib are compiled from the sources that their crates carry: a C and C++ compiler, make and perl.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends build-essential perl \
 && rm -rf /var/lib/apt/lists/*
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --package vigie \
 && cp target/release/vigie /vigie \
 && ldd /vigie

FROM debian:12.12-slim
LABEL org.opencontainers.image.title="vigie" \
      org.opencontainers.image.description="Flags French hate speech in Kafka posts for human reviewers" \
      org.opencontainers.image.licenses="(Apache-2.0 OR MIT) AND CC-BY-4.0 AND CC-BY-SA-4.0 AND MPL-2.0"
# Certificates of public authorities, for brokers whose own come from one.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /vigie /usr/local/bin/vigie
COPY config/vigie.toml /etc/vigie/vigie.toml
COPY LICENSE-APACHE LICENSE-MIT lexicons/LICENSE lexicons/licences /usr/share/doc/vigie/
# The allocator keeps freed pages for a second by default; what a bundle leaves behind once it is compiled goes back at once with this (benches/RESULTS.md).
ENV MIMALLOC_PURGE_DELAY=10
USER 65532:65532
EXPOSE 9464
STOPSIGNAL SIGTERM
# bash speaks TCP by itself: no curl in the image. Not ready is no reason to restart, so this asks /livez.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9464 && printf 'GET /livez HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/usr/local/bin/vigie"]
CMD ["run", "--config", "/etc/vigie/vigie.toml"]
