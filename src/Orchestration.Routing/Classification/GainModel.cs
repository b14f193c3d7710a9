using System.Buffers.Binary;

namespace Orchestration.Routing.Classification;

/// <summary>A linear model of what a stronger model would gain on a prompt, and where it parts the classes.</summary>
internal sealed class GainModel
{
    /// <summary>Of the file's form and its features; a change of either needs new training.</summary>
    public const int Form = 1;

    private readonly float[] _weights;

    public GainModel(float[] weights, float moderateFrom, float complexFrom)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, PromptFeatureWalk.Count);
        (_weights, ModerateFrom, ComplexFrom) = (weights, moderateFrom, complexFrom);
    }

    public float ModerateFrom { get; }

    public float ComplexFrom { get; }

    /// <summary>The model that this build was shipped with.</summary>
    public static GainModel ReadShipped()
    {
        using var stream = typeof(GainModel).Assembly.GetManifestResourceStream("Orchestration.Routing.Classification.gain-1.bin")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes);
    }

    /// <exception cref="InvalidDataException">The bytes are of another form.</exception>
    public static GainModel Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != (3 + PromptFeatureWalk.Count) * sizeof(float) || BinaryPrimitives.ReadInt32LittleEndian(bytes) != Form)
            throw new InvalidDataException($"The classifier's model is not of form {Form}.");
        var weights = new float[PromptFeatureWalk.Count];
        for (var i = 0; i < weights.Length; i++) weights[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[((3 + i) * sizeof(float))..]);
        return new GainModel(weights, BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]), BinaryPrimitives.ReadSingleLittleEndian(bytes[8..]));
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[(3 + _weights.Length) * sizeof(float)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Form);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4), ModerateFrom);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8), ComplexFrom);
        for (var i = 0; i < _weights.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan((3 + i) * sizeof(float)), _weights[i]);
        return bytes;
    }

    /// <summary>Expected gain, in points of quality above (or below) the mean prompt of the training sets; allocates nothing.</summary>
    public float Gain(ReadOnlySpan<char> text, out PromptCounts counts)
    {
        var sum = new Sum(_weights);
        counts = PromptFeatureWalk.Walk(text, ref sum);
        return sum.Shapes + (sum.Grams / MathF.Sqrt(Math.Max(1, counts.Grams)));
    }

    private ref struct Sum(ReadOnlySpan<float> weights) : IFeatureSink
    {
        private readonly ReadOnlySpan<float> _weights = weights;

        public float Grams { get; private set; }

        public float Shapes { get; private set; }

        public void AddGram(int index) => Grams += _weights[index];

        public void AddShape(int index) => Shapes += _weights[index];
    }
}
