using System.Text;
using System.Text.Json;

namespace Orchestration.FunctionalTests;

/// <summary>JSON bodies of raw HTTP requests and answers.</summary>
internal static class HttpContentJson
{
    public static async Task<JsonElement> ReadAsAsync(this HttpContent content, CancellationToken cancellationToken) =>
        JsonDocument.Parse(await content.ReadAsStreamAsync(cancellationToken)).RootElement;

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}
