using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestration.Simulator.Tests.Dialects;

/// <summary>Calls as the clients of each dialect make them.</summary>
internal static partial class Calls
{
    public static async Task<(int Status, string Text)> PostAsync(
        this SimulatorHost simulator, string path, string json, params (string Name, string Value)[] headers)
    {
        using var response = await simulator.OpenAsync(path, json, headers);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static async Task<HttpResponseMessage> OpenAsync(
        this SimulatorHost simulator, string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("anthropic-version", "2023-06-01");
        request.Headers.Add(path.StartsWith("google", StringComparison.Ordinal) ? "x-goog-api-key" : "x-api-key", "any");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await simulator.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> CallAsync(this SimulatorHost simulator, string path, string json, params (string Name, string Value)[] headers)
    {
        var (status, text) = await simulator.PostAsync(path, json, headers);
        status.ShouldBe(200, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The data of each event of a stream.</summary>
    public static List<JsonElement> Data(string stream) =>
        [.. stream.ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]))];

    public static List<JsonElement> Lines(string stream) =>
        [.. stream.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    /// <summary>The text with its ids and times, which differ from answer to answer, made equal.</summary>
    public static string Steady(string text) => Times().Replace(Ids().Replace(text, "$1ID"), "$1:0");

    public static async Task<JsonElement> JournalOfAsync(this SimulatorHost simulator, string attempt)
    {
        while (true)
        {
            var page = JsonSerializer.Deserialize<JsonElement>(
                await simulator.Client.GetStringAsync("simulator/journal", TestContext.Current.CancellationToken));
            var entry = page.GetProperty("entries").EnumerateArray()
                .FirstOrDefault(item => item.TryGetProperty("attempt", out var id) && id.GetString() == attempt);
            // The simulator completes its entry a moment after the last byte.
            if (entry.ValueKind == JsonValueKind.Object && entry.GetProperty("outcome").GetString() != "running")
                return entry;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static int Int(this JsonElement element, params string[] path) =>
        path.Aggregate(element, (current, name) => current.GetProperty(name)).GetInt32();

    public static string? Str(this JsonElement element, params string[] path) =>
        path.Aggregate(element, (current, name) => current.GetProperty(name)).GetString();

    [GeneratedRegex("(msg_01|toolu_01|req_01|resp_|rs_|msg_|fc_|call_)[0-9A-Za-z]{22,}")]
    private static partial Regex Ids();

    [GeneratedRegex("(\"created_at\"|\"created\"):(\"[^\"]*\"|\\d+)")]
    private static partial Regex Times();
}
