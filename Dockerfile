# syntax=docker/dockerfile:1
# The service with its page. Build: docker build -t patchbay .

# --- Build: everything that only building needs stays here ---
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY frontend/package.json frontend/
COPY tools/ensure-node.mjs tools/
# The lock file also brings a Node for machines with an older one; the image has its own. The compilers of the build tools
# are optional packages too, so here optional ones stay.
RUN npm ci --ignore-scripts
COPY . .
# Vite and Nest directly, with the image's Node.
RUN node tools/ensure-built.mjs --anyway && find dist -name '*.js.map' -delete

# --- Dependencies: what runs needs, and no Node but the image's ---
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY frontend/package.json frontend/
RUN npm ci --omit=dev --omit=optional --ignore-scripts --workspaces=false && npm cache clean --force

# --- Runtime ---
FROM node:24-slim
LABEL org.opencontainers.image.title="Patchbay" org.opencontainers.image.licenses="MIT"
# Production: no demo, every request is signed, and ENCRYPTION_KEYS has to be given. 0.0.0.0 is the container's own network;
# what of it is reachable from outside is decided where the container is run. API clients are made inside of it:
# docker exec <container> node dist/src/cli/main.js clients create NAME --permissions … --org …
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data \
    NODE_OPTIONS=--disable-warning=ExperimentalWarning
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
COPY --from=build /app/dist/src dist/src
# The demo's providers: only ever run when asked for by name.
COPY --from=build /app/dist/sandbox dist/sandbox
COPY --from=build /app/frontend/dist frontend/dist
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# 127.0.0.1 is listened on both as HOST=127.0.0.1 and as 0.0.0.0.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No npm in between: signals reach the service itself, which drains within 25 s (docker stop -t 30).
# Flags: tools/node-flags.mjs says why.
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=15", "--disable-sigusr1", "dist/src/main.js"]
