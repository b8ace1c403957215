import type { OntologyTerm } from '@federome/core';

/** A term of the small hierarchy that simulated people are described with. */
export interface HierarchyTerm {
  readonly id: string;
  readonly label: string;
  /** Direct parents (is_a) that are in the hierarchy too. */
  readonly parents: readonly string[];
}

// `id|label|parents`: real identifiers, labels and is_a relations, of HPO (2024-08-13) and ORDO (2.6), as far as the
// simulation needs them.
const HPO = `
HP:0000001|All|
HP:0000002|Abnormality of body height|HP:0001507
HP:0000077|Abnormality of the kidney|HP:0010935
HP:0000078|Abnormality of the genital system|HP:0000119
HP:0000079|Abnormality of the urinary system|HP:0000119
HP:0000083|Renal insufficiency|HP:0012211
HP:0000093|Proteinuria|HP:0020129
HP:0000098|Tall stature|HP:0000002
HP:0000100|Nephrotic syndrome|HP:0012211
HP:0000118|Phenotypic abnormality|HP:0000001
HP:0000119|Abnormality of the genitourinary system|HP:0000118
HP:0000152|Abnormality of head or neck|HP:0000118
HP:0000234|Abnormality of the head|HP:0000152
HP:0000252|Microcephaly|HP:0007364
HP:0000271|Abnormality of the face|HP:0000234
HP:0000280|Coarse facial features|HP:0001999
HP:0000364|Hearing abnormality|HP:0031704
HP:0000365|Hearing impairment|HP:0000364
HP:0000407|Sensorineural hearing impairment|HP:0000365
HP:0000478|Abnormality of the eye|HP:0000118
HP:0000479|Abnormal retinal morphology|HP:0001098
HP:0000481|Abnormal cornea morphology|HP:0004328
HP:0000504|Abnormality of vision|HP:0012373
HP:0000510|Rod-cone dystrophy|HP:0000556
HP:0000517|Abnormal lens morphology|HP:0004328
HP:0000518|Cataract|HP:0000517
HP:0000546|Retinal degeneration|HP:0000479
HP:0000556|Retinal dystrophy|HP:0000479
HP:0000598|Abnormality of the ear|HP:0000118
HP:0000608|Macular degeneration|HP:0000546
HP:0000662|Nyctalopia|HP:0000504
HP:0000707|Abnormality of the nervous system|HP:0000118
HP:0000708|Atypical behavior|HP:0011446
HP:0000716|Depression|HP:0000745 HP:0100851
HP:0000739|Anxiety|HP:5200230
HP:0000745|Abnormal diminished volition|HP:0025780
HP:0000787|Nephrolithiasis|HP:0012210
HP:0000818|Abnormality of the endocrine system|HP:0000118
HP:0000819|Diabetes mellitus|HP:0000818
HP:0000820|Abnormality of the thyroid gland|HP:0000818
HP:0000821|Hypothyroidism|HP:0002926
HP:0000822|Hypertension|HP:0032263
HP:0000924|Abnormality of the skeletal system|HP:0033127
HP:0000925|Abnormality of the vertebral column|HP:0009121
HP:0000939|Osteoporosis|HP:0004349
HP:0000951|Abnormality of the skin|HP:0001574
HP:0000952|Jaundice|HP:0001005
HP:0000953|Hyperpigmentation of the skin|HP:0001000
HP:0000964|Eczematoid dermatitis|HP:0011123
HP:0000969|Edema|HP:0011032
HP:0000978|Bruising susceptibility|HP:0001933
HP:0001000|Abnormality of skin pigmentation|HP:0011121
HP:0001005|Dermatological manifestations of systemic disorders|HP:0011354
HP:0001081|Cholelithiasis|HP:0012437
HP:0001083|Ectopia lentis|HP:0000517
HP:0001084|Corneal arcus|HP:0008011
HP:0001098|Abnormal fundus morphology|HP:0004329
HP:0001155|Abnormality of the hand|HP:0002817
HP:0001166|Arachnodactyly|HP:0001238
HP:0001167|Abnormal finger morphology|HP:0001155
HP:0001238|Slender finger|HP:0001167
HP:0001249|Intellectual disability|HP:0011446 HP:0012759
HP:0001250|Seizure|HP:0012638
HP:0001254|Lethargy|HP:0000745
HP:0001263|Global developmental delay|HP:0012758
HP:0001279|Syncope|HP:0011025
HP:0001288|Gait disturbance|HP:0100022
HP:0001300|Parkinsonism|HP:0002071
HP:0001332|Dystonia|HP:0100022
HP:0001337|Tremor|HP:0011442
HP:0001367|Abnormal joint morphology|HP:0011842
HP:0001369|Arthritis|HP:0001367
HP:0001370|Rheumatoid arthritis|HP:0001369
HP:0001392|Abnormality of the liver|HP:0002012
HP:0001394|Cirrhosis|HP:0410042
HP:0001438|Abnormal abdomen morphology|HP:0025031
HP:0001507|Growth abnormality|HP:0000118
HP:0001513|Obesity|HP:0004324
HP:0001519|Disproportionate tall stature|HP:0000098
HP:0001574|Abnormality of the integument|HP:0000118
HP:0001626|Abnormality of the cardiovascular system|HP:0000118
HP:0001627|Abnormal heart morphology|HP:0030680
HP:0001635|Congestive heart failure|HP:0011025
HP:0001637|Abnormal myocardium morphology|HP:0001627
HP:0001638|Cardiomyopathy|HP:0001637
HP:0001639|Hypertrophic cardiomyopathy|HP:0001638
HP:0001644|Dilated cardiomyopathy|HP:0001638
HP:0001657|Prolonged QT interval|HP:0031547
HP:0001658|Myocardial infarction|HP:0033678
HP:0001663|Ventricular fibrillation|HP:0004308
HP:0001677|Coronary artery atherosclerosis|HP:0006704
HP:0001679|Abnormal aortic morphology|HP:0011004
HP:0001692|Atrial arrhythmia|HP:0005115
HP:0001732|Abnormality of the pancreas|HP:0002012
HP:0001738|Exocrine pancreatic insufficiency|HP:0012092
HP:0001744|Splenomegaly|HP:0003271
HP:0001871|Abnormality of blood and blood-forming tissues|HP:0000118
HP:0001872|Abnormality of thrombocytes|HP:0001871
HP:0001873|Thrombocytopenia|HP:0011873
HP:0001877|Abnormal erythrocyte morphology|HP:0001871
HP:0001878|Hemolytic anemia|HP:0011895
HP:0001892|Abnormal bleeding|HP:0001871
HP:0001903|Anemia|HP:0001877
HP:0001933|Subcutaneous hemorrhage|HP:0001892 HP:0011276
HP:0001939|Abnormality of metabolism/homeostasis|HP:0000118
HP:0001943|Hypoglycemia|HP:0011015
HP:0001945|Fever|HP:0004370
HP:0001954|Recurrent fever|HP:0001945
HP:0001977|Abnormal thrombosis|HP:0001871
HP:0001999|Abnormal facial shape|HP:0000271
HP:0002011|Morphological central nervous system abnormality|HP:0012639
HP:0002012|Abnormality of the abdominal organs|HP:0025031
HP:0002024|Malabsorption|HP:0025032
HP:0002027|Abdominal pain|HP:0011458 HP:0012531
HP:0002071|Abnormality of extrapyramidal motor function|HP:0011442
HP:0002076|Migraine|HP:0002315
HP:0002086|Abnormality of the respiratory system|HP:0000118
HP:0002088|Abnormal lung morphology|HP:0012252
HP:0002090|Pneumonia|HP:0011947
HP:0002097|Emphysema|HP:0002088
HP:0002099|Asthma|HP:0002795 HP:0100326
HP:0002110|Bronchiectasis|HP:0025426
HP:0002197|Generalized-onset seizure|HP:0001250
HP:0002204|Pulmonary embolism|HP:0030875
HP:0002240|Hepatomegaly|HP:0003271 HP:0410042
HP:0002315|Headache|HP:0012638
HP:0002373|Febrile seizure (within the age range of 3 months to 6 years)|HP:0032894
HP:0002505|Loss of ambulation|HP:0002540
HP:0002511|Alzheimer disease|HP:0002011
HP:0002540|Inability to walk|HP:0001288
HP:0002608|Celiac disease|HP:0100326
HP:0002625|Deep venous thrombosis|HP:0004936
HP:0002647|Aortic dissection|HP:0001679
HP:0002650|Scoliosis|HP:0010674
HP:0002659|Increased susceptibility to fractures|HP:0011843
HP:0002664|Neoplasm|HP:0000118
HP:0002715|Abnormality of the immune system|HP:0000118
HP:0002756|Pathologic fracture|HP:0002659
HP:0002795|Abnormal respiratory system physiology|HP:0002086
HP:0002817|Abnormality of the upper limb|HP:0040064
HP:0002861|Melanoma|HP:0011792
HP:0002894|Neoplasm of the pancreas|HP:0001732
HP:0002926|Abnormality of thyroid physiology|HP:0000820
HP:0002977|Aplasia/Hypoplasia involving the central nervous system|HP:0002011
HP:0003002|Breast carcinoma|HP:0100013
HP:0003003|Colon cancer|HP:0100273
HP:0003011|Abnormality of the musculature|HP:0033127
HP:0003073|Hypoalbuminemia|HP:0012116
HP:0003107|Abnormal circulating cholesterol concentration|HP:0003119
HP:0003110|Abnormality of urine homeostasis|HP:0001939 HP:0011277
HP:0003112|Abnormal circulating amino acid concentration|HP:0004354
HP:0003115|Abnormal EKG|HP:0030956
HP:0003119|Abnormal circulating lipid concentration|HP:0430071
HP:0003124|Hypercholesterolemia|HP:0003107
HP:0003141|Increased LDL cholesterol concentration|HP:0010980
HP:0003193|Allergic rhinitis|HP:0012393
HP:0003236|Elevated circulating creatine kinase concentration|HP:0040081
HP:0003271|Visceromegaly|HP:0001438
HP:0003281|Increased circulating ferritin concentration|HP:0033331
HP:0003330|Abnormal bone structure|HP:0011842
HP:0003560|Muscular dystrophy|HP:0011805
HP:0003765|Psoriasiform dermatitis|HP:0011123
HP:0004297|Abnormality of the biliary system|HP:0001392
HP:0004308|Ventricular arrhythmia|HP:0011675
HP:0004323|Abnormality of body weight|HP:0001507
HP:0004324|Increased body weight|HP:0004323
HP:0004328|Abnormal anterior eye segment morphology|HP:0012372
HP:0004329|Abnormal posterior eye segment morphology|HP:0012372
HP:0004338|Abnormal circulating aromatic amino acid concentration|HP:0033107
HP:0004348|Abnormality of bone mineral density|HP:0011849
HP:0004349|Reduced bone mineral density|HP:0004348
HP:0004354|Abnormal circulating carboxylic acid concentration|HP:0430071
HP:0004370|Abnormality of temperature regulation|HP:0012337
HP:0004789|Lactose intolerance|HP:0002024
HP:0004923|Hyperphenylalaninemia|HP:0010893
HP:0004936|Venous thrombosis|HP:0001977
HP:0005110|Atrial fibrillation|HP:0001692
HP:0005115|Supraventricular arrhythmia|HP:0011675
HP:0005261|Joint hemorrhage|HP:0001367
HP:0005264|Abnormality of the gallbladder|HP:0004297
HP:0005607|Abnormal tracheobronchial morphology|HP:0012252
HP:0005978|Type II diabetes mellitus|HP:0000819
HP:0006532|Recurrent pneumonia|HP:0002090
HP:0006704|Abnormal coronary artery morphology|HP:0011004
HP:0007359|Focal-onset seizure|HP:0001250
HP:0007364|Aplasia/Hypoplasia of the cerebrum|HP:0002977
HP:0007378|Neoplasm of the gastrointestinal tract|HP:0011024
HP:0007759|Opacification of the corneal stroma|HP:0007957
HP:0007957|Corneal opacity|HP:0000481
HP:0008011|Peripheral opacification of the cornea|HP:0007759
HP:0009121|Abnormal axial skeleton morphology|HP:0011842
HP:0010674|Abnormal curvature of the vertebral column|HP:0000925
HP:0010785|Gonadal neoplasm|HP:0010787
HP:0010787|Genital neoplasm|HP:0000078
HP:0010874|Tendon xanthomatosis|HP:0100261
HP:0010876|Abnormal circulating protein concentration|HP:0032180
HP:0010893|Abnormal circulating phenylalanine concentration|HP:0004338
HP:0010935|Abnormality of the upper urinary tract|HP:0000079
HP:0010978|Abnormality of immune system physiology|HP:0002715
HP:0010979|Abnormality of lipoprotein cholesterol concentration|HP:0003107
HP:0010980|Hyperlipoproteinemia|HP:0010979
HP:0011004|Abnormal systemic arterial morphology|HP:0033353
HP:0011014|Abnormal glucose homeostasis|HP:0012337
HP:0011015|Abnormal blood glucose concentration|HP:0011014
HP:0011021|Abnormal circulating enzyme concentration|HP:0010876
HP:0011024|Abnormality of the gastrointestinal tract|HP:0025031
HP:0011025|Abnormal cardiovascular system physiology|HP:0001626
HP:0011032|Abnormality of fluid regulation|HP:0012337
HP:0011121|Abnormal skin morphology|HP:0000951
HP:0011122|Abnormality of skin physiology|HP:0000951
HP:0011123|Inflammatory abnormality of the skin|HP:0011122
HP:0011276|Vascular skin abnormality|HP:0011354
HP:0011277|Abnormality of the urinary system physiology|HP:0000079
HP:0011354|Generalized abnormality of skin|HP:0011121
HP:0011442|Abnormal central motor function|HP:0012638
HP:0011446|Abnormality of mental function|HP:0012638
HP:0011458|Abdominal symptom|HP:0025032
HP:0011675|Arrhythmia|HP:0030956
HP:0011792|Neoplasm by histology|HP:0002664
HP:0011793|Neoplasm by anatomical site|HP:0002664
HP:0011805|Abnormal skeletal muscle morphology|HP:0003011
HP:0011842|Abnormal skeletal morphology|HP:0000924
HP:0011843|Abnormal musculoskeletal physiology|HP:0000924 HP:0033127
HP:0011849|Abnormal bone ossification|HP:0003330
HP:0011873|Abnormal platelet count|HP:0011875
HP:0011875|Abnormal platelet morphology|HP:0001872
HP:0011895|Anemia due to reduced life span of red cells|HP:0001903
HP:0011947|Respiratory tract infection|HP:0002088
HP:0012091|Abnormality of pancreas physiology|HP:0001732
HP:0012092|Abnormality of exocrine pancreas physiology|HP:0012091
HP:0012116|Abnormal circulating albumin concentration|HP:0010876
HP:0012125|Prostate cancer|HP:0100787
HP:0012210|Abnormal renal morphology|HP:0000077
HP:0012211|Abnormal renal physiology|HP:0000077 HP:0011277
HP:0012252|Abnormal respiratory system morphology|HP:0002795
HP:0012337|Abnormal homeostasis|HP:0001939
HP:0012372|Abnormal eye morphology|HP:0000478
HP:0012373|Abnormal eye physiology|HP:0000478
HP:0012393|Allergy|HP:0100326
HP:0012437|Abnormal gallbladder morphology|HP:0005264
HP:0012531|Pain|HP:0025142
HP:0012532|Chronic pain|HP:0012531
HP:0012638|Abnormal nervous system physiology|HP:0000707
HP:0012639|Abnormal nervous system morphology|HP:0000707
HP:0012758|Neurodevelopmental delay|HP:0012759
HP:0012759|Neurodevelopmental abnormality|HP:0012638
HP:0020129|Abnormal urine protein level|HP:0033354
HP:0025015|Abnormal vascular morphology|HP:0030680
HP:0025031|Abnormality of the digestive system|HP:0000118
HP:0025032|Abnormality of digestive system physiology|HP:0025031
HP:0025142|Constitutional symptom|HP:0000118
HP:0025426|Abnormal bronchus morphology|HP:0005607
HP:0025766|Abnormal affect|HP:0011446
HP:0025780|Abnormal volitional state|HP:0025766
HP:0030680|Abnormal cardiovascular system morphology|HP:0001626
HP:0030875|Abnormality of pulmonary circulation|HP:0002795
HP:0030956|Abnormality of cardiovascular system electrophysiology|HP:0011025
HP:0030972|Abnormal systemic blood pressure|HP:0011025
HP:0031547|Abnormal QT interval|HP:0003115
HP:0031704|Abnormal ear physiology|HP:0000598
HP:0032180|Abnormal circulating metabolite concentration|HP:0001939
HP:0032263|Increased blood pressure|HP:0030972
HP:0032892|Infection-related seizure|HP:0001250
HP:0032894|Seizure precipitated by febrile infection|HP:0032892
HP:0033019|Male reproductive system neoplasm|HP:0010787
HP:0033107|Abnormal circulating proteinogenic amino acid concentration|HP:0003112
HP:0033127|Abnormality of the musculoskeletal system|HP:0000118
HP:0033331|Acute phase response|HP:0001939
HP:0033353|Abnormal blood vessel morphology|HP:0025015
HP:0033354|Abnormal urine metabolite level|HP:0003110
HP:0033678|Acute coronary syndrome|HP:0011025
HP:0040064|Abnormality of limbs|HP:0000118
HP:0040081|Abnormal circulating creatine kinase concentration|HP:0011021
HP:0100013|Neoplasm of the breast|HP:0011793
HP:0100022|Abnormality of movement|HP:0012638
HP:0100261|Abnormal tendon morphology|HP:0011842
HP:0100273|Neoplasm of the colon|HP:0100834
HP:0100326|Immunologic hypersensitivity|HP:0010978
HP:0100526|Neoplasm of the lung|HP:0002088
HP:0100615|Ovarian neoplasm|HP:0010785
HP:0100787|Prostate neoplasm|HP:0033019
HP:0100834|Neoplasm of the large intestine|HP:0007378
HP:0100851|Abnormal emotional state|HP:0025766
HP:0200032|Kayser-Fleischer ring|HP:0007957
HP:0410042|Abnormal liver morphology|HP:0001392
HP:0430071|Abnormal circulating organic compound concentration|HP:0032180
HP:5200230|Maladaptive fear-related cognitions|HP:5200401
HP:5200401|Abnormal judgment|HP:5200423
HP:5200423|Abnormal experience of reality|HP:0011446
`;

const ORDO = `
ORDO:101016|Romano-Ward syndrome|ORDO:768
ORDO:101934|Genetic cardiac rhythm disease|ORDO:98054
ORDO:101940|Rare metabolic liver disease|ORDO:156601
ORDO:102373|Primary glomerular disease|ORDO:183586
ORDO:140162|Inherited cancer-predisposing syndrome|ORDO:98053
ORDO:145|Hereditary breast and ovarian cancer syndrome|ORDO:140162
ORDO:154|Familial isolated dilated cardiomyopathy|ORDO:217607
ORDO:156601|Rare genetic hepatic disease|ORDO:98053
ORDO:156607|Genetic biliary tract disease|ORDO:156601
ORDO:158300|Rare genetic hematologic disease|ORDO:98053
ORDO:166472|Monogenic disease with epilepsy|ORDO:183512
ORDO:182083|Channelopathy with epilepsy|ORDO:166472
ORDO:183512|Rare genetic epilepsy|ORDO:71859
ORDO:183586|Genetic glomerular disease|ORDO:98056
ORDO:183654|Rare genetic coagulation disorder|ORDO:158300
ORDO:216445|Prelingual non-syndromic genetic deafness|ORDO:87884
ORDO:217607|Familial dilated cardiomyopathy|ORDO:98054
ORDO:217610|Neuromuscular disease with dilated cardiomyopathy|ORDO:217607
ORDO:217635|Familial restrictive cardiomyopathy|ORDO:98054
ORDO:217638|Lysosomal disease with restrictive cardiomyopathy|ORDO:217635
ORDO:220489|Rare hereditary hemochromatosis|ORDO:101940
ORDO:231183|Usher syndrome type 3|ORDO:886
ORDO:232|Sickle cell anemia|ORDO:93614
ORDO:262|Duchenne and Becker muscular dystrophy|ORDO:217610
ORDO:271870|Rare genetic systemic or rheumatologic disease|ORDO:98053
ORDO:284993|Marfan and Marfan-related disorder|ORDO:271870
ORDO:309115|Disorder of fatty acid oxidation and ketogenesis|ORDO:79174
ORDO:309120|Acyl-CoA dehydrogenase deficiency|ORDO:309115
ORDO:324924|Hereditary periodic fever syndrome|ORDO:271870
ORDO:33069|Dravet syndrome|ORDO:182083
ORDO:342|Familial Mediterranean fever|ORDO:324924
ORDO:42|Medium chain acyl-CoA dehydrogenase deficiency|ORDO:309120
ORDO:448|Hemophilia|ORDO:68334
ORDO:465508|Symptomatic form of hemochromatosis type 1|ORDO:220489
ORDO:466084|Genetic otorhinolaryngologic disease|ORDO:98053
ORDO:558|Marfan syndrome|ORDO:284993
ORDO:586|Cystic fibrosis|ORDO:156607
ORDO:60|Alpha-1-antitrypsin deficiency|ORDO:101940
ORDO:68334|Rare hemorrhagic disorder due to a constitutional coagulation factors defect|ORDO:183654
ORDO:68361|Rare deafness|ORDO:466084
ORDO:68367|Rare inborn errors of metabolism|ORDO:98053
ORDO:68385|Neurometabolic disease|ORDO:71859
ORDO:716|Phenylketonuria|ORDO:68385
ORDO:71859|Rare genetic neurological disorder|ORDO:98053
ORDO:768|Familial long QT syndrome|ORDO:101934
ORDO:77259|Gaucher disease type 1|ORDO:217638
ORDO:79174|Disorder of fatty acid oxidation and ketone body metabolism|ORDO:79200
ORDO:79200|Disorder of energy metabolism|ORDO:68367
ORDO:79239|Classic galactosemia|ORDO:101940
ORDO:839|Congenital nephrotic syndrome, Finnish type|ORDO:97556
ORDO:848|Beta-thalassemia|ORDO:93614
ORDO:87884|Non-syndromic genetic deafness|ORDO:68361
ORDO:886|Usher syndrome|ORDO:90642
ORDO:905|Wilson disease|ORDO:68385 ORDO:101940
ORDO:90636|Autosomal recessive non-syndromic sensorineural deafness type DFNB|ORDO:216445
ORDO:90642|Syndromic genetic deafness|ORDO:68361
ORDO:93|Aspartylglucosaminuria|ORDO:68385
ORDO:93614|Hematological disorder with renal involvement|ORDO:98056
ORDO:97556|Congenital and infantile nephrotic syndrome|ORDO:102373
ORDO:98053|Rare genetic disease|
ORDO:98054|Rare genetic cardiac disease|ORDO:98053
ORDO:98056|Rare genetic renal disease|ORDO:98053
ORDO:98878|Hemophilia A|ORDO:448
ORDO:98879|Hemophilia B|ORDO:448
ORDO:98896|Duchenne muscular dystrophy|ORDO:262
`;

export const HPO_TERMS: readonly HierarchyTerm[] = parseTerms(HPO);
export const ORDO_TERMS: readonly HierarchyTerm[] = parseTerms(ORDO);

/** A term with its label; `id` must be of the hierarchy. */
export function term(id: string): OntologyTerm {
  const found = BY_ID.get(id);
  if (found === undefined) throw new RangeError(`${id} is not in the hierarchy`);
  return found;
}

const BY_ID = new Map([...HPO_TERMS, ...ORDO_TERMS].map(({ id, label }) => [id, { id, label }] as const));

function parseTerms(text: string): readonly HierarchyTerm[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [id, label, parents] = line.split('|');
      return { id: id!, label: label!, parents: parents === '' ? [] : parents!.split(' ') };
    });
}
