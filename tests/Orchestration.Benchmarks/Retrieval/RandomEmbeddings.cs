using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;

namespace Orchestration.Benchmarks.Retrieval;

/// <summary>An embedder that knows nothing: the same text gets the same vector, but which one is chance.</summary>
internal sealed class RandomEmbeddings : EmbeddingsService.EmbeddingsServiceClient
{
    public const string Model = "random/vectors-1";
    private const int Dimensions = 256;

    public static float[] Vector(string text)
    {
        var random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
        return [.. Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.5f)];
    }

    public override AsyncUnaryCall<EmbeddingsResponse> EmbedAsync(EmbeddingsRequest request, CallOptions options)
    {
        var response = new EmbeddingsResponse
        {
            Embeddings = { request.Inputs.Select(text => new Embedding { Values = { Vector(text) } }) },
            Response = new ResponseStarted { Provider = Model.Split('/')[0], Model = Model.Split('/')[1] },
        };
        return new AsyncUnaryCall<EmbeddingsResponse>(
            Task.FromResult(response), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }
}
