using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Tracing;

/// <summary>Lets in exporters that know the key. They are not services and carry no service identity.</summary>
internal sealed class OtlpAccess(IOptions<TelemetryOptions> options)
{
    private const string Header = "x-otlp-api-key";

    private readonly byte[]? _expected = options.Value.ApiKey.Length == 0 ? null : Digest(options.Value.ApiKey);

    public void Demand(ServerCallContext context)
    {
        var shown = context.RequestHeaders.GetValue(Header) ?? "";
        if (_expected is null || !CryptographicOperations.FixedTimeEquals(_expected, Digest(shown)))
            throw new RpcException(new Grpc.Core.Status(StatusCode.Unauthenticated, "The telemetry key is missing or wrong."));
    }

    // Digests are of one length, whatever was shown.
    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
