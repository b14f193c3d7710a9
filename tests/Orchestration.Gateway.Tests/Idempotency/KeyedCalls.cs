using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Idempotency;

/// <summary>Requests that are sent again.</summary>
internal static class KeyedCalls
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string NewKey() => Guid.CreateVersion7().ToString("N");

    public static Task<HttpResponseMessage> PostOnceAsync(this HttpClient client, string key, JsonObject body, string path = "/v1/chat/completions") =>
        client.SendAsync(Request("Idempotency-Key", key, body, path), HttpCompletionOption.ResponseHeadersRead, Cancellation);

    public static Task<HttpResponseMessage> PostRetryAsync(this HttpClient client, int count, JsonObject body, CancellationToken cancellationToken) =>
        client.SendAsync(Request("x-stainless-retry-count", $"{count}", body, "/v1/chat/completions"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    public static bool IsReplayed(this HttpResponseMessage response) => response.Header("idempotent-replayed") == "true";

    /// <summary>Reads until a text has come.</summary>
    public static async Task<string> ReadUntilAsync(this Stream stream, string text)
    {
        var read = "";
        var buffer = new byte[4096];
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, Cancellation);
            count.ShouldBeGreaterThan(0, read);
            read += System.Text.Encoding.UTF8.GetString(buffer, 0, count);
        }

        return read;
    }

    /// <summary>Changes the rows of a tenant as no gateway would.</summary>
    public static async Task ChangeClaimsAsync(this GatewayHost gateway, string tenant, string change)
    {
        await using var database = gateway.Settings.Database(asOwner: true);
        await using var command = database.CreateCommand($"UPDATE idempotency_claims SET {change} WHERE tenant_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        (await command.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);
    }

    private static HttpRequestMessage Request(string header, string value, JsonObject body, string path) =>
        new(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { header, value } } };
}
