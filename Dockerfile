# Two images: `docker build --target proxy .` and `docker build --target gateway .`
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS source
WORKDIR /src
COPY . .

FROM source AS build-proxy
RUN dotnet publish proxy/Chaos.Proxy.Sidecar -c Release --use-current-runtime -o /app

FROM source AS build-gateway
RUN dotnet publish harness/Chaos.Cli -c Release -o /app

# The proxy: one file. The control API listens beyond loopback here, so it wants a token: CHAOS_CONTROL_TOKEN.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0 AS proxy
COPY --from=build-proxy /app /app
USER $APP_UID
ENTRYPOINT ["/app/chaos-proxy"]
EXPOSE 8474 8001-8003
CMD ["--listen", "0.0.0.0:8474", "--config", "/etc/chaos/proxy.json", "--drain", "5"]

# A gateway node. Secrets come from the environment: CHAOS_GATEWAY_JWT_SECRET and CHAOS_GATEWAY_ADMIN_TOKEN.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS gateway
COPY --from=build-gateway /app /app
USER $APP_UID
ENTRYPOINT ["dotnet", "/app/Chaos.Cli.dll"]
EXPOSE 8000
CMD ["gateway", "--listen", "0.0.0.0:8000", "--audit", "/tmp/audit.jsonl"]
