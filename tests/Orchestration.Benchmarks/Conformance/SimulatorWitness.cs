using System.Net.Http.Json;
using System.Text.Json;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>The simulator from one vendor's side: what it is told to do next, and what it counted itself.</summary>
internal sealed class SimulatorWitness(Uri simulator, string vendor) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = simulator };
    private long _floor;

    public Task FaultAsync(string model, string kind, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"simulator/faults/{vendor}/{model}", new { kind, count = 1 }, cancellationToken);

    public Task ShapeAsync(string model, int outputTokens, int cachedPercent, double tokenMs, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, $"simulator/shapes/{vendor}/{model}",
            new { first_token_ms = 0, token_ms = tokenMs, output_tokens = outputTokens, cached_percent = cachedPercent, keep_alive_ms = 0 }, cancellationToken);

    public async Task UnshapeAsync(string model, CancellationToken cancellationToken)
    {
        using var response = await _client.DeleteAsync(new Uri($"simulator/shapes/{vendor}/{model}", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public Task SayAsync(string model, ErrorBody error, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"simulator/scripts/{vendor}/{model}",
            new { status = error.Status, content_type = "application/json", count = 1, steps = new[] { new { text = error.Body.ToJsonString() } } }, cancellationToken);

    /// <summary>The simulator's own entry of an attempt, once it is closed.</summary>
    public async Task<JournalCount> CountAsync(string attempt, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        while (true)
        {
            var page = await _client.GetFromJsonAsync<JsonElement>($"simulator/journal?after={_floor}", patience.Token);
            foreach (var entry in page.GetProperty("entries").EnumerateArray())
            {
                if (!entry.TryGetProperty("attempt", out var id) || id.GetString() != attempt || entry.GetProperty("outcome").GetString() == "running")
                    continue;
                return new JournalCount(entry);
            }
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Entries up to now are not looked at again.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken) =>
        _floor = (await _client.GetFromJsonAsync<JsonElement>($"simulator/journal?after={_floor}", cancellationToken)).GetProperty("next").GetInt64();

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(HttpMethod method, string path, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = JsonContent.Create(body, body.GetType());
        using var response = await _client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }
}

/// <summary>One request as the simulator counted it.</summary>
internal sealed class JournalCount(JsonElement entry)
{
    public int Input => Number("input_tokens");

    public int Cached => Number("cached_tokens");

    public int Written => Number("cache_write_tokens");

    public int Output => Number("output_tokens");

    public int Reasoning => Number("reasoning_tokens");

    public int Images => Number("images");

    public int SearchUnits => Number("search_units");

    /// <summary>How a reported usage differs from what was counted; null when it does not.</summary>
    public string? Differs(Usage usage)
    {
        var input = usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens + usage.CacheWrite1HTokens + usage.AudioInputTokens;
        var output = usage.OutputTokens + usage.ReasoningTokens + usage.AudioOutputTokens;
        return usage.Source != UsageSource.Provider ? $"usage is {usage.Source}"
            : input != Input ? $"input {input}, counted {Input}"
            : output != Output ? $"output {output}, counted {Output}"
            : usage.SearchUnits != SearchUnits ? $"search units {usage.SearchUnits}, counted {SearchUnits}"
            : usage.ReasoningTokens != 0 && usage.ReasoningTokens != Reasoning ? $"reasoning {usage.ReasoningTokens}, counted {Reasoning}"
            : null;
    }

    private int Number(string name) => entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : 0;
}
