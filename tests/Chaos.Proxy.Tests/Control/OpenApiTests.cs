using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Tests.Support;
using Json.Schema;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Chaos.Proxy.Tests.Control;

/// <summary>The OpenAPI document: valid, complete, and true.</summary>
public sealed class OpenApiTests
{
    private static async Task<string> DocumentAsync(Wire wire) => (await wire.SendAsync("GET /chaos/openapi.json")).Body;

    [Fact]
    public async Task It_is_valid_openapi_3_1()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        var text = await DocumentAsync(wire);
        Assert.StartsWith("3.1.", JsonNode.Parse(text)!["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        var read = OpenApiDocument.Parse(text, "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        var operations = read.Document!.Paths.Values.SelectMany(path => path.Operations!.Values).ToArray();
        Assert.Equal(operations.Length, operations.Select(operation => operation.OperationId).Distinct().Count());
    }

    [Fact]
    public async Task Every_mapped_route_is_in_it_and_nothing_else()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        var paths = JsonNode.Parse(await DocumentAsync(wire))!["paths"]!.AsObject();
        var documented = paths.SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));
        var mapped = bench.Host.Endpoints.Cast<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} {endpoint.RoutePattern.RawText}"));
        Assert.Equal(mapped.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_fault_of_the_catalogue_is_in_it()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        var schemas = JsonNode.Parse(await DocumentAsync(wire))!["components"]!["schemas"]!.AsObject();
        var choices = schemas["FaultRequest"]!["oneOf"]!.AsArray().Select(one => one!["properties"]!["type"]!["const"]!.GetValue<string>());
        Assert.Equal(FaultCatalogue.Types.Select(type => type.Type), choices);
        Assert.All(FaultCatalogue.Types, type => Assert.Equal(
            type.AttributesSchema["properties"]!.AsObject().Select(attribute => attribute.Key), (schemas[$"Attributes.{type.Type}"]!["properties"]?.AsObject() ?? []).Select(attribute => attribute.Key)));
    }

    [Fact]
    public async Task Real_answers_are_what_it_says()
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        var (_, address) = await bench.TcpAsync("p");
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("x"u8.ToArray());
        await wire.PlayAsync("""
            POST /proxies/p/toxics {"type":"latency","name":"t"}
            200 *
            POST /chaos/proxies/p/faults {"type":"noop","name":"f","lease_ms":60000,"target":{"connections":{"every":2}}}
            200 *
            """);
        var schemas = Schemas(await DocumentAsync(wire));
        var gets = bench.Host.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<ApiRoute>()!).Where(route => route.Methods.Contains("GET") && route.AnswerType.StartsWith(Answer.JsonType, StringComparison.Ordinal));
        foreach (var route in gets)
            await CheckAsync("GET " + route.Path.Replace("{proxy}", "p", StringComparison.Ordinal).Replace("{toxic}", "t", StringComparison.Ordinal).Replace("{fault}", "f", StringComparison.Ordinal), route.Answer!);
        await CheckAsync("POST /proxies {}", "Error");
        await CheckAsync("POST /populate [{\"name\":\"q\",\"upstream\":\"x:1\"}]", "Populated");
        await CheckAsync("POST /populate {}", "Populated");
        await CheckAsync("POST /chaos/proxies/p/faults?dry_run=true {\"type\":\"noop\",\"name\":\"g\",\"target\":{\"connections\":{\"first\":2,\"labels\":{\"region\":\"x\"}}}}", "DryRun");
        await CheckAsync("POST /chaos/proxies/p/renew", "Renewed");
        await CheckAsync("POST /chaos/halt {\"reason\":\"x\"}", "Halt");
        await CheckAsync("GET /chaos/status", "Status");
        await CheckAsync("POST /chaos/proxies/p/faults {\"type\":\"noop\"}", "Error");

        async Task CheckAsync(string request, string schema)
        {
            var (_, body) = await wire.SendAsync(request);
            using var json = JsonDocument.Parse(body);
            var result = schemas[schema].Evaluate(json.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
            var errors = result.IsValid ? "" : string.Join("; ", result.Details!.Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")));
            Assert.True(result.IsValid, $"{request} → {body}\nis no {schema}: {errors}");
        }
    }

    [Theory]
    [InlineData("FaultRequest", """{"type":"latency","attributes":{"latency":5},"lease_ms":1000,"stream":"both"}""", true)]
    [InlineData("FaultRequest", """{"type":"latency","attributes":{"latency":-5}}""", false)]
    [InlineData("FaultRequest", """{"type":"latency","attributes":{"rate":5}}""", false)]
    [InlineData("FaultRequest", """{"type":"nonsense"}""", false)]
    [InlineData("FaultRequest", """{"type":"noop","target":{"connections":{"everyone":1}}}""", false)]
    [InlineData("ProxyRequest", """{"name":"a","upstream":"x:1","faults":[{"type":"noop","toxicity":2}]}""", false)]
    [InlineData("ProxyRequest", """{"name":"a","upstream":"x:1","labels":{"a":"b"},"toxics":[{"type":"bandwidth","attributes":{"rate":1}}]}""", true)]
    public async Task Its_schemas_accept_and_refuse_what_the_api_does(string schema, string body, bool accepted)
    {
        await using var bench = await Bench.StartAsync();
        using var wire = new Wire(bench);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(accepted, Schemas(await DocumentAsync(wire))[schema].Evaluate(json.RootElement).IsValid);
        await bench.TcpAsync("p");
        var path = schema == "FaultRequest" ? "/chaos/proxies/p/faults" : "/chaos/proxies";
        Assert.Equal(accepted, (await wire.SendAsync($"POST {path} {body}")).Status < 300);
    }

    // The document's schemas, put where a validator of JSON Schema looks for them.
    private static Dictionary<string, JsonSchema> Schemas(string document)
    {
        var all = JsonNode.Parse(document)!["components"]!["schemas"]!.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        return JsonNode.Parse(all)!.AsObject().ToDictionary(schema => schema.Key,
            schema => JsonSchema.FromText($$"""{ "$id": "https://schemas.test/{{Guid.NewGuid():N}}", "$defs": {{all}}, "$ref": "#/$defs/{{schema.Key}}" }"""));
    }
}
