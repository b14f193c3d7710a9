namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>
/// How likely two questions have one answer: a logistic regression over <see cref="PairFeatures"/>, fitted to what a partition's own
/// questions turned out to be answered. The same samples make the same model in every process.
/// </summary>
internal sealed class AgreementModel
{
    private const int Rounds = 10;
    private const float Rate = 0.15f;
    private const float Decay = 1e-4f;

    private readonly float[] _weights = new float[PairFeatures.Size];
    private readonly float[] _squares = new float[PairFeatures.Size];

    private AgreementModel()
    {
    }

    public static AgreementModel Fit(IReadOnlyList<(PairFeatures Features, bool Agreed)> samples)
    {
        var model = new AgreementModel();
        // Every sample once before any for the second time, and not in the order of time: the latest would weigh most.
        var order = Enumerable.Range(0, samples.Count).ToArray();
        var random = new Random(samples.Count);
        for (var round = 0; round < Rounds; round++)
        {
            random.Shuffle(order);
            foreach (var index in order)
                model.Learn(samples[index].Features, samples[index].Agreed);
        }

        return model;
    }

    /// <summary>Log odds of agreement.</summary>
    public float Score(PairFeatures features)
    {
        var sum = 0f;
        for (var i = 0; i < features.Places.Count; i++)
            sum += _weights[features.Places[i]] * features.Values[i];
        return sum;
    }

    // AdaGrad.
    private void Learn(PairFeatures features, bool agreed)
    {
        var error = (agreed ? 1 : 0) - (1 / (1 + MathF.Exp(-Score(features))));
        for (var i = 0; i < features.Places.Count; i++)
        {
            var place = features.Places[i];
            var gradient = (error * features.Values[i]) - (Decay * _weights[place]);
            _squares[place] += gradient * gradient;
            _weights[place] += Rate * gradient / (MathF.Sqrt(_squares[place]) + 1e-6f);
        }
    }
}
