using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.Access;

/// <summary>Sends the request of an endpoint with a credential in a place, and reads how it was ruled.</summary>
internal sealed class PolicyCall : IDisposable
{
    // What a client of gRPC sends never has a query; a stranger's may.
    private const string QueryHeader = "test-query";
    private static readonly string[] QueryNames = ["api_key", "API_KEY", "api-key", "apikey", "x-api-key", "key", "access_token", "token"];
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);
    private readonly PolicyAccounts _accounts;
    private readonly HttpClient _http;
    private readonly GrpcChannel _channel;

    public PolicyCall(PolicyAccounts accounts)
    {
        _accounts = accounts;
        _http = GatewayHost.NewClient(accounts.Gateway.HttpAddress, "");
        _channel = GrpcChannel.ForAddress(accounts.Gateway.GrpcAddress, new GrpcChannelOptions { HttpHandler = new QueryHandler(new SocketsHttpHandler { UseProxy = false }), DisposeHttpClient = true });
    }

    /// <summary>What is told that is not what the table says; nothing when it is.</summary>
    public async Task<IReadOnlyList<string>> DifferencesAsync(PolicyRow row, Credential credential, Place place)
    {
        var ruling = PolicyTable.Of(row, credential, place);
        var differences = new List<string>();
        foreach (var (headers, query) in Placed(row, credential, place))
        {
            var (told, expected) = row.IsGrpc
                ? (await CallAsync(row, headers, query), $"{PolicyTable.Grpc(ruling)}")
                : (await SendAsync(row, headers, query), ExpectedOf(row, ruling));
            if (told != expected)
                differences.Add($"{credential} in {place}{query.Split('=')[0]}: {told}, but the table says {ruling}, {expected}");
        }

        return differences;
    }

    public void Dispose()
    {
        _http.Dispose();
        _channel.Dispose();
    }

    private IEnumerable<((string Name, string Value)[] Headers, string Query)> Placed(PolicyRow row, Credential credential, Place place)
    {
        var secret = _accounts.SecretFor(row, credential);
        if (credential == Credential.None && place is not (Place.BesideAnother or Place.QueryBesideRight))
            return [([], "")];
        var right = ("Authorization", $"Bearer {_accounts.SecretFor(row, Credential.Right)}");
        return place switch
        {
            Place.Bearer => [([("Authorization", $"Bearer {secret}")], "")],
            Place.BearerInLowerCase => [([("authorization", $"bearer {secret}")], "")],
            Place.XApiKey => [([("x-api-key", secret)], "")],
            Place.ApiKey => [([("api-key", secret)], "")],
            Place.Everywhere => [([("Authorization", $"Bearer {secret}"), ("x-api-key", secret), ("api-key", secret)], "")],
            Place.Basic => [([("Authorization", $"Basic {secret}")], "")],
            Place.BesideAnother when credential == Credential.None => [([("x-api-key", TestKeys.Create())], "")],
            Place.BesideAnother => [([("Authorization", $"Bearer {secret}"), ("x-api-key", TestKeys.Create())], ""), ([("x-api-key", secret), ("api-key", TestKeys.Create())], "")],
            Place.Query => [.. QueryNames.Select(name => (((string, string)[])[], $"?{name}={secret}"))],
            Place.QueryBesideRight when credential == Credential.None => [([right], "")],
            Place.QueryBesideRight => [([right], $"?key={secret}")],
            Place.Cookie => [([("Cookie", $"authorization=Bearer {secret}; api_key={secret}; session={secret}")], "")],
            _ => [([("Proxy-Authorization", $"Bearer {secret}")], "")],
        };
    }

    private async Task<string> SendAsync(PolicyRow row, (string Name, string Value)[] headers, string query)
    {
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), row.PathFor(_accounts) + query);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        if (row.Method is "POST" or "PUT")
        {
            request.Content = new ByteArrayContent(row.BodyFor(_accounts));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.TextAsync();
        foreach (var (_, secret) in headers)
            text.ShouldNotContain(secret[(secret.LastIndexOf(' ') + 1)..]);
        return response.IsSuccessStatusCode
            ? $"{((int)response.StatusCode, "")}"
            : $"{((int)response.StatusCode, CodeOf(row, JsonDocument.Parse(text).RootElement.GetProperty("error")))}";
    }

    private async Task<string> CallAsync(PolicyRow row, (string Name, string Value)[] headers, string query)
    {
        var slash = row.Route.LastIndexOf('/');
        var method = new Method<byte[], byte[]>(MethodType.ServerStreaming, row.Route[1..slash], row.Route[(slash + 1)..], Bytes, Bytes);
        var metadata = new Metadata();
        foreach (var (name, value) in headers)
            metadata.Add(name, value);
        metadata.Add(QueryHeader, query);
        using var call = _channel.CreateCallInvoker()
            .AsyncServerStreamingCall(method, null, new CallOptions(metadata, cancellationToken: TestContext.Current.CancellationToken), row.BodyFor(_accounts));
        try
        {
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
                // The end decides.
            }
        }
        catch (RpcException refused)
        {
            return $"{((int)refused.StatusCode, refused.GetFailure().Code)}";
        }

        return $"{(0, "")}";
    }

    private static string ExpectedOf(PolicyRow row, Ruling ruling)
    {
        var (status, code, type) = PolicyTable.Http(row, ruling);
        return $"{(status, row.IsAnthropic ? type : code)}";
    }

    private static string CodeOf(PolicyRow row, JsonElement error) => error.GetProperty(row.IsAnthropic ? "type" : "code").GetString() ?? "";

    private sealed class QueryHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.TryGetValues(QueryHeader, out var query))
                request.RequestUri = new Uri(request.RequestUri + query.Single());
            request.Headers.Remove(QueryHeader);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
