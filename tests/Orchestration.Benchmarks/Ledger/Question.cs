using System.Text.Json;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>One request of the mix: by its number a stream, a plain answer, vectors or a ranking.</summary>
internal sealed record Question(string Path, byte[] Body, bool Streamed)
{
    private const string EmbeddingModel = "openai:text-embedding-3-small";
    private const string RerankModel = "jina:jina-reranker-v3";

    public static Question Of(int number, string chatModel) => (number % 10) switch
    {
        7 or 8 => Make("/v1/embeddings", new { model = EmbeddingModel, input = $"Text number {number} about paper and its history." }),
        9 => Make("/v1/rerank", new { model = RerankModel, query = $"paper {number}", documents = (string[])["The weather is fine.", "Paper is old.", "A parcel takes thirty days."] }),
        var kind => Chat(number, chatModel, stream: kind % 2 == 0),
    };

    private static Question Chat(int number, string model, bool stream) => Make("/v1/chat/completions", new
    {
        model, stream, max_tokens = 64, messages = new[] { new { role = "user", content = $"Question number {number}: what is the answer?" } },
    }) with { Streamed = stream };

    private static Question Make(string path, object body) => new(path, JsonSerializer.SerializeToUtf8Bytes(body, body.GetType()), false);
}
