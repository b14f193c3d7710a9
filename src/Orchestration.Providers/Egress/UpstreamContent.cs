using System.Net;
using System.Net.Http.Headers;

namespace Orchestration.Providers.Egress;

/// <summary>A JSON body that tells when it begins to be written: from then on there is a connection, and the provider may work.</summary>
internal sealed class UpstreamContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly Action _connected;

    public UpstreamContent(ReadOnlyMemory<byte> body, Action connected)
    {
        (_body, _connected) = (body, connected);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _connected();
        await stream.WriteAsync(_body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
