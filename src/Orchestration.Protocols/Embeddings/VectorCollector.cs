using Google.Protobuf.Collections;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.Embeddings;

/// <summary>Takes a provider's vectors one by one and refuses what is unsound: lengths, counts, positions, numbers.</summary>
internal sealed class VectorCollector(int expectedCount, int? dimensions)
{
    private readonly Embedding?[] _vectors = new Embedding?[expectedCount];
    private int? _length = dimensions;

    public Failure? Failure { get; private set; }

    public void Add(int index, Embedding? vector)
    {
        if (vector is null || index < 0 || index >= expectedCount || _vectors[index] is not null)
            FailIncomplete();
        else if (Check(vector))
            _vectors[index] = vector;
    }

    /// <summary>Hands out the vectors in the order of the inputs, if all are there and sound.</summary>
    public void Complete(RepeatedField<Embedding> vectors)
    {
        if (Array.Exists(_vectors, vector => vector is null))
            FailIncomplete();
        if (Failure is null)
            vectors.AddRange(_vectors!);
    }

    public void Fail(string message) => Failure ??= ProviderFailures.Protocol(message);

    private void FailIncomplete() => Fail("The provider's answer does not hold one vector for each text.");

    private bool Check(Embedding vector)
    {
        _length ??= vector.Values.Count;
        if (vector.Values.Count == 0 || vector.Values.Count != _length)
            Fail("The provider's vectors have the wrong length.");
        else if (!vector.Values.All(float.IsFinite))
            Fail("The provider's vectors hold numbers that are not finite.");
        else if (vector.Values.All(value => value == 0))
            Fail("The provider's vectors hold one of zeros only.");
        return Failure is null;
    }
}
