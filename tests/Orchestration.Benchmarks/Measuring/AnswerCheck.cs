using System.Text;
using System.Text.Json;

namespace Orchestration.Benchmarks.Measuring;

/// <summary>Makes sure that what is measured is the work that was asked for.</summary>
internal static class AnswerCheck
{
    public static async Task RequireAsync(LoadTarget target, byte[] body, int tokens, bool stream, CancellationToken cancellationToken)
    {
        using var response = await target.SendAsync(body, cancellationToken);
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var answered = stream
            ? text.Contains("data: [DONE]", StringComparison.Ordinal) && text.Contains($"\"completion_tokens\":{tokens}", StringComparison.Ordinal)
            : JsonDocument.Parse(text).RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32() == tokens;
        if (!answered)
            throw new InvalidOperationException($"{target.Name} did not give the answer of {tokens} tokens that is to be measured: {text}");
    }
}
