using System.Net.Http.Headers;
using System.Text.Json;
using Orchestration.ServiceDefaults;

namespace Orchestration.Console.Collections;

/// <summary>
/// Collections by the public API and a client's key: documents belong to tenants, whose keys say who reads and writes them, and no operator
/// reads a tenant's documents without one.
/// </summary>
internal sealed class CollectionApi(HttpClient http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Configure(IServiceProvider provider, HttpClient http)
    {
        var key = $"services:{ResourceNames.Gateway}:http:0";
        http.BaseAddress = new Uri(provider.GetRequiredService<IConfiguration>()[key] ?? throw new InvalidOperationException($"An address of the gateway is not configured ({key})."));
    }

    public Task<ListOf<CollectionShape>> ListAsync(string key, CancellationToken cancellationToken) => GetAsync<ListOf<CollectionShape>>(key, "/v1/collections", cancellationToken);

    public Task<ListOf<DocumentShape>> DocumentsAsync(string key, string collection, CancellationToken cancellationToken) =>
        GetAsync<ListOf<DocumentShape>>(key, $"/v1/collections/{Uri.EscapeDataString(collection)}/documents?limit=100", cancellationToken);

    public async Task<DocumentShape> UploadAsync(string key, string collection, string name, string mediaType, Stream content, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        using var file = new StreamContent(content);
        file.Headers.ContentType = MediaTypeHeaderValue.TryParse(mediaType, out var type) ? type : null;
        form.Add(new StringContent(name), "id");
        form.Add(file, "file", name);
        return await SendAsync<DocumentShape>(key, HttpMethod.Post, $"/v1/collections/{Uri.EscapeDataString(collection)}/documents", form, cancellationToken);
    }

    public Task<ListOf<PassageShape>> SearchAsync(string key, string collection, string query, CancellationToken cancellationToken) =>
        SendAsync<ListOf<PassageShape>>(key, HttpMethod.Post, $"/v1/collections/{Uri.EscapeDataString(collection)}/search", JsonContent.Create(new { query, limit = 8 }), cancellationToken);

    public Task<AnswerShape> AskAsync(string key, string collection, string question, CancellationToken cancellationToken) =>
        SendAsync<AnswerShape>(key, HttpMethod.Post, $"/v1/collections/{Uri.EscapeDataString(collection)}/answer", JsonContent.Create(new { question }), cancellationToken);

    /// <summary>"cancel", "retry", or empty to delete it.</summary>
    public async Task ChangeAsync(string key, string collection, string document, string action, CancellationToken cancellationToken)
    {
        var path = $"/v1/collections/{Uri.EscapeDataString(collection)}/documents/{Uri.EscapeDataString(document)}";
        await SendAsync<JsonElement>(key, action.Length == 0 ? HttpMethod.Delete : HttpMethod.Post, action.Length == 0 ? path : $"{path}/{action}", null, cancellationToken);
    }

    private Task<T> GetAsync<T>(string key, string path, CancellationToken cancellationToken) => SendAsync<T>(key, HttpMethod.Get, path, null, cancellationToken);

    private async Task<T> SendAsync<T>(string key, HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new CollectionException(await WordsAsync(response, cancellationToken));
            return (await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken))!;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CollectionException("The gateway does not answer.", exception);
        }
    }

    private static async Task<string> WordsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return body.GetProperty("error").GetProperty("message").GetString() ?? $"HTTP {(int)response.StatusCode}";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"HTTP {(int)response.StatusCode}";
        }
    }
}

/// <summary>The gateway said no, in words for its client.</summary>
internal sealed class CollectionException(string message, Exception? cause = null) : Exception(message, cause);
