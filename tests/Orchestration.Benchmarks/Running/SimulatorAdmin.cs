using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestration.Benchmarks.Running;

/// <summary>The simulator's administrative calls.</summary>
internal sealed class SimulatorAdmin(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address };

    public Task SpeedAsync(double speed, CancellationToken cancellationToken) =>
        PutAsync("simulator/settings", new { speed }, cancellationToken);

    public Task ShapeAsync(ModelName model, double firstTokenMs, double tokenMs, int outputTokens, CancellationToken cancellationToken) =>
        PutAsync($"simulator/shapes/{model.Vendor}/{model.Id}",
            new { first_token_ms = firstTokenMs, token_ms = tokenMs, output_tokens = outputTokens }, cancellationToken);

    /// <summary>Sets the length of a model's answers and leaves the times of its vendor.</summary>
    public Task LengthAsync(ModelName model, int outputTokens, CancellationToken cancellationToken) =>
        PutAsync($"simulator/shapes/{model.Vendor}/{model.Id}", new { output_tokens = outputTokens }, cancellationToken);

    public async Task ClearFaultsAsync(CancellationToken cancellationToken)
    {
        using var response = await _client.DeleteAsync("simulator/faults", cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public Task FaultAsync(ModelName model, string kind, int count, CancellationToken cancellationToken) =>
        PutAsync($"simulator/faults/{model.Vendor}/{model.Id}", new { kind, count }, cancellationToken);

    /// <summary>The whole journal after an entry.</summary>
    public async Task<List<JsonElement>> JournalAsync(CancellationToken cancellationToken)
    {
        var entries = new List<JsonElement>();
        for (long after = 0; ;)
        {
            var page = await _client.GetFromJsonAsync<JsonElement>($"simulator/journal?after={after}", cancellationToken);
            var found = page.GetProperty("entries").EnumerateArray().ToList();
            if (found.Count == 0)
                return entries;
            entries.AddRange(found);
            after = page.GetProperty("next").GetInt64();
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task PutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(body, body.GetType());
        using var response = await _client.PutAsync(path, content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}

/// <summary>A model as the gateway names it, <c>vendor:id</c>.</summary>
internal readonly record struct ModelName(string Vendor, string Id)
{
    public static ModelName Parse(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new ModelName(name[..colon], name[(colon + 1)..])
            : throw new ArgumentException($"'{name}' is not of the form vendor:model.");
    }

    public override string ToString() => $"{Vendor}:{Id}";
}
