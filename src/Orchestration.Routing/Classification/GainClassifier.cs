using System.Globalization;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Classification;

/// <summary>Says how hard a prompt is from the gain that a trained model expects of a stronger one.</summary>
internal static class GainClassifier
{
    public const string Name = "gain-1";

    // From this share of Chinese characters on, a text is no longer of the kind that the model was trained on.
    private const int MostCjkPerCharacter = 5;

    private static readonly GainModel Model = GainModel.ReadShipped();

    public static ClassifyResponse Classify(string text)
    {
        var gain = Model.Gain(text, out var counts);
        var answer = new ClassifyResponse { Classifier = Name, Score = Math.Round(Math.Clamp(0.5 + gain, 0, 1), 3) };
        if (counts.Cjk * MostCjkPerCharacter > counts.Characters)
        {
            answer.Reason = $"{Name} has not earned trust on Chinese, so that the route's default class applies.";
            return answer;
        }

        if (counts.Words == 0)
        {
            answer.Reason = $"{Name} finds no words in the prompt, so that the route's default class applies.";
            return answer;
        }

        answer.RequestClass = gain < Model.ModerateFrom ? RequestClasses.Simple : gain < Model.ComplexFrom ? RequestClasses.Moderate : RequestClasses.Complex;
        answer.Reason = string.Create(CultureInfo.InvariantCulture, $"{Name} expects a stronger model to gain {100 * gain:+0.0;-0.0;0.0} points against the usual prompt.");
        return answer;
    }
}
