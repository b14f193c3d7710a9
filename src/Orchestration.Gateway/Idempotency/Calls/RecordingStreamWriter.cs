using Grpc.Core;

namespace Orchestration.Gateway.Idempotency.Calls;

/// <summary>A stream that is recorded, and goes on without its client.</summary>
internal sealed class RecordingStreamWriter<TMessage>(IServerStreamWriter<TMessage> client, MessageRecorder recorder, CancellationToken clientGone)
    : IServerStreamWriter<TMessage>
    where TMessage : class
{
    public WriteOptions? WriteOptions
    {
        get => client.WriteOptions;
        set => client.WriteOptions = value;
    }

    public async Task WriteAsync(TMessage message)
    {
        recorder.Add(message);
        if (clientGone.IsCancellationRequested)
            return;
        try
        {
            await client.WriteAsync(message);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException or IOException or RpcException)
        {
            // Whoever wrote this answer writes on for those who ask for it later.
            return;
        }
    }
}
