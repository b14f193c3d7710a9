using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Orchestration.Benchmarks.Measuring;

/// <summary>An address that chat requests are sent to, and the processes that work for it.</summary>
internal sealed class LoadTarget : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan })
    {
        Timeout = TimeSpan.FromMinutes(10),
    };

    private readonly Uri _address;

    public LoadTarget(string name, Uri address, string model, string? key, IReadOnlyDictionary<string, IReadOnlyList<int>> processes)
    {
        Name = name;
        Model = model;
        Cpu = new CpuMeter(processes);
        _address = new Uri(address.ToString().TrimEnd('/') + "/chat/completions");
        if (key is not null)
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public string Name { get; }

    public string Model { get; }

    public CpuMeter Cpu { get; }

    public byte[] Body(string prompt, int maxTokens, bool stream) => stream
        ? JsonSerializer.SerializeToUtf8Bytes(new { model = Model, messages = new[] { new { role = "user", content = prompt } }, max_tokens = maxTokens, stream, stream_options = new { include_usage = true } })
        : JsonSerializer.SerializeToUtf8Bytes(new { model = Model, messages = new[] { new { role = "user", content = prompt } }, max_tokens = maxTokens });

    public async Task<HttpResponseMessage> SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            throw new HttpRequestException($"{Name} answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
        }
    }

    public void Dispose() => _client.Dispose();
}
