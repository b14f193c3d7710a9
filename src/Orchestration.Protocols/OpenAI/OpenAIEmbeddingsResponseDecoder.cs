using System.Buffers.Binary;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Embeddings;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Decodes embeddings of an OpenAI-compatible provider.</summary>
public static class OpenAIEmbeddingsResponseDecoder
{
    /// <summary>Decodes the body of an answer with a 2xx status.</summary>
    /// <param name="body">Body as received.</param>
    /// <param name="expectedCount">Number of inputs that were sent.</param>
    /// <param name="dimensions">Length that every vector must have; null when unknown.</param>
    /// <param name="rules">The vendor's own errors, for errors under a 2xx status.</param>
    public static EmbeddingsResponseDecoding Decode(
        ReadOnlySpan<byte> body,
        int expectedCount,
        int? dimensions = null,
        ProviderErrorRules? rules = null)
    {
        body = JsonText.Repair(ProviderBody.Trim(body));
        var reader = new Reader(expectedCount, dimensions);
        try
        {
            reader.Read(body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return new EmbeddingsResponseDecoding.Failed(ProviderFailures.Protocol("The provider's answer is not valid JSON."), reader.Response);
        }

        return reader.Failure is { } failure
            ? new EmbeddingsResponseDecoding.Failed(reader.HasData ? failure : OpenAIErrorDecoder.FindInBand(body, rules) ?? failure, reader.Response)
            : new EmbeddingsResponseDecoding.Decoded(reader.Response);
    }

    private sealed class Reader(int expectedCount, int? dimensions)
    {
        private readonly VectorCollector _vectors = new(expectedCount, dimensions);

        public EmbeddingsResponse Response { get; } = new() { Response = new ResponseStarted() };

        public Failure? Failure => _vectors.Failure;

        public bool HasData { get; private set; }

        public void Read(ReadOnlySpan<byte> body)
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = JsonDocuments.MaxDepth });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                Fail("The provider's answer is not a JSON object.");
                return;
            }

            // Also behind unsound vectors, for the usage.
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader;
                reader.Read();
                ReadMember(ref name, ref reader);
                reader.Skip();
            }

            if (Failure is null && reader.Read())
                Fail("The provider's answer holds more than one document.");
            _vectors.Complete(Response.Embeddings);
        }

        private void ReadMember(ref Utf8JsonReader name, ref Utf8JsonReader value)
        {
            if (name.ValueTextEquals("data"u8) && value.TokenType == JsonTokenType.StartArray)
                ReadVectors(ref value);
            else if (name.ValueTextEquals("usage"u8) && value.TokenType == JsonTokenType.StartObject)
                Response.Usage = UsageCounts.Read(ref value).ToUsage(out _);
            else if (name.ValueTextEquals("model"u8) && value.TokenType == JsonTokenType.String)
                Response.Response.ReportedModel = value.GetString();
            else if (name.ValueTextEquals("id"u8) && value.TokenType == JsonTokenType.String)
                Response.Response.ProviderResponseId = value.GetString();
        }

        private void ReadVectors(ref Utf8JsonReader reader)
        {
            var data = reader;
            try
            {
                ReadData(ref data);
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException)
            {
                Fail("The provider's answer holds something that is no vector.");
            }

            // After a failure the list is skipped from its start, because reading stopped somewhere inside.
            if (Failure is null)
                reader = data;
        }

        private void ReadData(ref Utf8JsonReader reader)
        {
            HasData = true;
            for (var position = 0; Failure is null && reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                    ReadItem(ref reader, position);
                else
                    Fail("The provider's answer holds something that is no vector.");
            }
        }

        private void ReadItem(ref Utf8JsonReader reader, int position)
        {
            var index = position;
            Embedding? vector = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader;
                reader.Read();
                if (name.ValueTextEquals("index"u8) && reader.TokenType == JsonTokenType.Number)
                    index = reader.TryGetInt32(out var number) ? number : -1;
                else if (name.ValueTextEquals("embedding"u8))
                    vector = ReadVector(ref reader);
                reader.Skip();
            }

            _vectors.Add(index, vector);
        }

        private static Embedding? ReadVector(ref Utf8JsonReader reader)
        {
            var vector = new Embedding();
            if (reader.TokenType == JsonTokenType.String)
            {
                var bytes = reader.GetBytesFromBase64();
                if (bytes.Length % sizeof(float) != 0)
                    return null;
                for (var i = 0; i < bytes.Length; i += sizeof(float))
                    vector.Values.Add(BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i)));
                return vector;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
                return null;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                vector.Values.Add(reader.GetSingle());
            return vector;
        }

        private void Fail(string message) => _vectors.Fail(message);
    }
}
