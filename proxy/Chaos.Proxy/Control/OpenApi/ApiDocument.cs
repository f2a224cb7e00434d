using System.Net.Http;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Control.Routes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Chaos.Proxy.Control.OpenApi;

/// <summary>The OpenAPI 3.1 document, made from the table of routes and the catalogue of faults.</summary>
internal static class ApiDocument
{
    private const string Token = "token";

    public static async Task<string> WriteAsync(IReadOnlyList<ApiRoute> routes) => await Make(routes).SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1).ConfigureAwait(false);

    private static OpenApiDocument Make(IReadOnlyList<ApiRoute> routes)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "Chaos proxy control API", Version = ToxiproxyRoutes.Version,
                Description = "Toxiproxy's API, and under /chaos what it lacks. Bodies are JSON whatever their content type says; names are matched in any case.",
            },
            Paths = [],
            Components = new OpenApiComponents(),
        };
        document.AddComponent(Token, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "Where the proxy was given a token." });
        // Schemas refer to each other: all names are there before the first is read.
        var schemas = ApiSchemas.All().ToArray();
        foreach (var (name, json) in schemas)
        {
            var schema = OpenApiModelFactory.Parse<OpenApiSchema>(json.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out var diagnostic, "json");
            if (schema is null || diagnostic.Errors.Count > 0) throw new InvalidOperationException($"schema {name}: {string.Join("; ", diagnostic.Errors)}");
            document.AddComponent(name, schema);
        }
        foreach (var route in routes)
        {
            if (!document.Paths.TryGetValue(route.Path, out var item)) document.Paths.Add(route.Path, item = new OpenApiPathItem { Operations = [] });
            foreach (var method in route.Methods)
                item.Operations!.Add(new HttpMethod(method), Operation(document, route, method));
        }
        return document;
    }

    private static OpenApiOperation Operation(OpenApiDocument document, ApiRoute route, string method)
    {
        var operation = new OpenApiOperation
        {
            OperationId = route.Methods.Length == 1 ? route.Id : $"{route.Id}By{method[0]}{method[1..].ToLowerInvariant()}",
            Summary = route.Summary,
            Parameters = [.. Parts(route), .. route.Query.Select(Query)],
            Responses = new OpenApiResponses { [route.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = Response(document, "Done.", route.Answer, route.AnswerType) },
            Security = [[], new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] }],
        };
        foreach (var status in route.Errors)
            operation.Responses.Add(status.ToString(System.Globalization.CultureInfo.InvariantCulture), Response(document, "Refused.", "Error", route.IsOwn ? "application/json" : "text/plain"));
        if (route.Body is not null)
            operation.RequestBody = new OpenApiRequestBody { Content = Content(document, route.Body, "application/json"), Required = route.Body != "HaltRequest" };
        return operation;
    }

    private static IEnumerable<IOpenApiParameter> Parts(ApiRoute route) => route.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => new OpenApiParameter
    {
        Name = part.Trim('{', '}'), In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });

    private static OpenApiParameter Query(ApiQuery query) => new()
    {
        Name = query.Name, In = ParameterLocation.Query, Description = query.Meaning,
        Schema = new OpenApiSchema { Type = query.Type == "boolean" ? JsonSchemaType.Boolean : JsonSchemaType.String },
    };

    private static OpenApiResponse Response(OpenApiDocument document, string description, string? schema, string type) => new()
    {
        Description = description, Content = schema is null ? null : Content(document, schema, type),
    };

    private static Dictionary<string, IOpenApiMediaType> Content(OpenApiDocument document, string schema, string type) => new()
    {
        [type] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(schema, document) },
    };
}
